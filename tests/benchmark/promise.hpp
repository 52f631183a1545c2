// How exactly the promise of a timeout is kept, in milliseconds.
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_TESTS_BENCHMARK_PROMISE_HPP_
#define COMMAND_EXPORTER_TESTS_BENCHMARK_PROMISE_HPP_

namespace command_exporter {

// Prints, for each of so many runs of a program that ignores TERM: how long
// after its deadline TERM reached it, and how long after the grace it was
// killed, reaped and reported. Both count from the request and to the report,
// so they are upper bounds.
int PrintTimeoutLateness(int runs);

// Prints, for each of so many runs of a program that leaves a hundred daemons,
// each in a session of its own: the time from its exit until all are gone.
int PrintDaemonsEnd(int runs);

// Plays the part of one of these programs and does not return then.
void PlayVictim(int argc, char** argv);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_BENCHMARK_PROMISE_HPP_
