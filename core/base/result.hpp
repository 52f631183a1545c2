// Result<T, E>: a value or an error.
//
// Errors are values here: no exception crosses a folder's border. The names are
// those of std::expected, which gcc 12 and clang 14 lack in C++20, so that this
// file can become a `using` later. An Error carries one line of text for a
// person. Where the program itself must distinguish errors, E is a type with a
// code from a closed set (see reason.hpp).
//
//   Result<int> port = ParsePort(text);
//   if (!port) {
//     return port.error();  // an Error, into a Result of any other type
//   }
//   Listen(*port);
//
// Thread safety: as for the values held. Invariant: exactly one is held.
#ifndef COMMAND_EXPORTER_CORE_BASE_RESULT_HPP_
#define COMMAND_EXPORTER_CORE_BASE_RESULT_HPP_

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace command_exporter {

// One line for a person: what happened and, where it helps, what to do.
struct Error {
  std::string message{};
};

template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  // Implicit on purpose: `return value;` and `return Error{...};` are both
  // clear. NOLINTBEGIN(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}

  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

  // NOLINTEND(google-explicit-constructor)

  bool has_value() const { return state_.index() == 0; }

  explicit operator bool() const { return has_value(); }

  // Requires: has_value().
  T& operator*() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }

  const T& operator*() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }

  T&& operator*() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&state_));
  }

  T* operator->() { return &**this; }

  const T* operator->() const { return &**this; }

  // Requires: !has_value().
  const E& error() const {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, E> state_;
};

// The value of an operation that only succeeds or fails.
struct Done {};

template <typename E = Error>
using Status = Result<Done, E>;

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_RESULT_HPP_
