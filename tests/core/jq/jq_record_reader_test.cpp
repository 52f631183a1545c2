// The records of an evaluation are untrusted: libjq may have corrupted its
// memory.
#include "core/jq/jq_record_reader.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "core/base/wire.hpp"
#include "tests/core/jq/evaluations.hpp"

namespace command_exporter {
namespace {

using std::string_literals::operator""s;

std::string TextRecord(std::string_view text) {
  std::string bytes;
  WireWriter(bytes).Text(text);
  return bytes;
}

const std::string kItem = "i\x07\0\0\0"s;
const std::string kField = "f" + TextRecord("used") + TextRecord("12");

TEST_CASE("records are read whatever their pieces are") {
  const std::string all = kItem + kField + "e";
  for (std::size_t size = 1; size <= all.size(); ++size) {
    TextSink sink;
    JqRecordReader reader(sink, 1000, 3);
    for (std::size_t i = 0; i < all.size(); i += size) {
      CHECK(reader.Take(std::string_view(all).substr(i, size)) ==
            (i + size < all.size()));
    }
    CHECK(reader.ended());
    CHECK_FALSE(reader.failure());
    CHECK(sink.text == "7: used=12");
  }
}

TEST_CASE("an evaluation's failure ends its records") {
  TextSink sink;
  JqRecordReader reader(sink, 1000, 3);
  const std::string failure =
      "x"s + static_cast<char>(Reason::kSampleLimit) + TextRecord("why\n");
  CHECK_FALSE(reader.Take(kItem + failure + kField));
  REQUIRE(reader.failure());
  CHECK(reader.failure()->reason == Reason::kSampleLimit);
  CHECK(reader.failure()->message == "why\\x0a");
  CHECK(sink.text == "7:");
}

TEST_CASE("records that make no sense fail the evaluation") {
  for (const std::string& bad : {"?"s, "\0"s, "x\x0d"s + TextRecord("why"),
                                 "x\xff"s + TextRecord("why")}) {
    CAPTURE(bad);
    TextSink sink;
    JqRecordReader reader(sink, 1000, 3);
    CHECK_FALSE(reader.Take(kItem + bad + kField));
    CHECK(reader.ended());
    REQUIRE(reader.failure());
    CHECK(reader.failure()->reason == Reason::kParse);
    CHECK(reader.failure()->message ==
          "the evaluation gave what makes no sense; jq's library may have "
          "ruined its memory with this output");
    CHECK(sink.text.starts_with("7:"));
    CHECK(sink.text.find("used") == std::string::npos);
  }
}

TEST_CASE("a field without an item fails the evaluation") {
  TextSink sink;
  JqRecordReader reader(sink, 1000, 3);
  CHECK_FALSE(reader.Take(kField));
  REQUIRE(reader.failure());
  CHECK(reader.failure()->reason == Reason::kParse);
  CHECK(sink.text.empty());
}

TEST_CASE("a record that stays in pieces is bounded as all of them are") {
  TextSink sink;
  JqRecordReader reader(sink, 1000, 3);
  CHECK(reader.Take("f\xff\xff\xff\xff"s + std::string(900, 'x')));
  CHECK_FALSE(reader.Take(std::string(100, 'x')));
  REQUIRE(reader.failure());
  CHECK(reader.failure()->reason == Reason::kParse);
  CHECK(sink.text.empty());
}

}  // namespace
}  // namespace command_exporter
