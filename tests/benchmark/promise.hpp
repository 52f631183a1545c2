// Measures how exactly timeouts are kept, in milliseconds.
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_TESTS_BENCHMARK_PROMISE_HPP_
#define COMMAND_EXPORTER_TESTS_BENCHMARK_PROMISE_HPP_

namespace command_exporter {

// Prints two times for each of `runs` runs of a program that ignores TERM: how
// long after its deadline TERM reached it, and how long after the grace it was
// killed, reaped and reported. Both count from the request and to the report,
// so they are upper bounds.
int PrintTimeoutLateness(int runs);

// Prints the time from a program's exit until all of its hundred daemons are
// gone, for each of `runs` runs. Each daemon has a session of its own.
int PrintDaemonsEnd(int runs);

// For each of `runs` runs of a program whose first process is traced by one
// below it that has 5,000 children, each in a session of its own: prints the
// time from its deadline until all are gone, and the longest time that another
// command took meanwhile from its request to its end.
int PrintTreeEnd(int runs);

// Plays the part of one of these programs; does not return in that case.
void PlayVictim(int argc, char** argv);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_BENCHMARK_PROMISE_HPP_
