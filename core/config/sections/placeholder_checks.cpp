// Rejects at load what substitution could break, so that it does not fail at
// run time: an undeclared name, an option smuggled in by a value, a relative
// working directory, an ambiguous script variable.
//
// The names of `matrix` and of [[collector.parameter]] share one namespace:
// both appear as {name} in the same places, and as environment variables in
// `shell`. For a parameter with a pattern, only its default is known here; a
// chosen value must satisfy the same rules at run time.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/text.hpp"
#include "core/config/placeholders.hpp"
#include "core/config/sections/name_faults.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

// A name of the matrix or of a parameter.
struct Declared {
  std::string name{};
  std::vector<std::string> values{};  // known at load
  std::string_view key{};             // "matrix" or "parameter"
  SourcePosition at{};
};

std::vector<Declared> DeclaredNames(const TableReader& reader,
                                    const CollectorConfig& collector) {
  std::vector<Declared> names;
  for (const MatrixAxis& axis : collector.matrix) {
    names.push_back(
        {axis.name, axis.values, "matrix", reader.PositionOf("matrix")});
  }
  for (const ParameterConfig& parameter : collector.parameters) {
    std::vector<std::string> values = parameter.values;
    if (values.empty() && !parameter.default_value.empty()) {
      values.push_back(parameter.default_value);
    }
    names.push_back(
        {parameter.name, std::move(values), "parameter", parameter.position});
  }
  return names;
}

const Declared* FindName(const std::vector<Declared>& names,
                         std::string_view name) {
  const auto found = std::ranges::find(names, name, &Declared::name);
  return found == names.end() ? nullptr : &*found;
}

// One text that may hold placeholders, and its position.
struct Templated {
  std::string what{};
  std::string_view text{};
  SourcePosition at{};
};

std::string NotDeclared(const CollectorConfig& collector) {
  if (collector.parameters.empty()) {
    return "} is not declared in matrix; ";
  }
  return collector.matrix.empty()
             ? "} is not declared as a parameter; "
             : "} is declared neither in matrix nor as a parameter; ";
}

void CheckDeclared(const TableReader& reader, const CollectorConfig& collector,
                   const std::vector<Declared>& declared,
                   const Templated& templated) {
  for (const TextPiece& piece : SplitPlaceholders(templated.text)) {
    if (!piece.is_token || FindName(declared, piece.text) != nullptr) {
      continue;
    }
    const auto names = Views(declared, &Declared::name);
    const std::string_view nearest = Nearest(piece.text, names);
    const std::string word(piece.text);
    reader.Fail(
        templated.at,
        templated.what + ": {" + word + NotDeclared(collector) +
            (nearest.empty() ? "declare it, or write { " + word +
                                   " } if it is no placeholder"
                             : "did you mean {" + std::string(nearest) + "}?"));
  }
}

// The name of the placeholder at the start of `text`; null if there is none.
const Declared* LeadingName(const std::vector<Declared>& declared,
                            std::string_view text) {
  const std::vector<TextPiece> pieces = SplitPlaceholders(text);
  return pieces.empty() || !pieces.front().is_token
             ? nullptr
             : FindName(declared, pieces.front().text);
}

// A value must not turn an argument into an option.
void CheckNoOption(const TableReader& reader,
                   const std::vector<Declared>& declared,
                   const Templated& templated) {
  const Declared* leading = LeadingName(declared, templated.text);
  if (leading == nullptr) {
    return;
  }
  for (const std::string& value : leading->values) {
    if (value.front() == '-') {
      reader.Fail(templated.at,
                  templated.what + ": with the value " + Quote(value) + " of " +
                      leading->name +
                      " it would begin with \"-\" and be read as an option: "
                      "change the value, or write the option's dash here");
    }
  }
}

// `cwd` must be absolute for every value.
void CheckFolder(const TableReader& reader, const std::string& cwd,
                 const std::vector<Declared>& declared) {
  const Declared* leading = LeadingName(declared, cwd);
  const auto absolute = [](const std::string& path) {
    return path.front() == '/';
  };
  const bool fits =
      cwd.empty() || absolute(cwd) ||
      (leading != nullptr && std::ranges::all_of(leading->values, absolute));
  if (!fits) {
    reader.FailAt("cwd", "cwd must be an absolute path, such as \"/var/tmp\"");
  }
}

std::vector<Templated> TemplatedTexts(const TableReader& reader,
                                      const CollectorConfig& collector) {
  std::vector<Templated> texts;
  const RunConfig& run = collector.run;
  const TomlNode* env = reader.Find("env");
  for (const auto& [name, value] : run.env) {
    // An inherited variable is reported at the collector.
    const TomlNode* const own = env == nullptr ? nullptr : env->Find(name);
    const SourcePosition& at =
        own == nullptr ? reader.table().position : own->position;
    texts.push_back({"env." + name, value, at});
  }
  texts.push_back({"cwd", run.cwd, reader.PositionOf("cwd")});
  if (run.stdin_text) {
    texts.push_back({"stdin", *run.stdin_text, reader.PositionOf("stdin")});
  }
  return texts;
}

std::vector<Templated> CommandTexts(const TableReader& reader,
                                    const CollectorConfig& collector) {
  std::vector<Templated> texts;
  for (std::size_t i = 0; i < collector.command.size(); ++i) {
    const TomlNode& item = reader.Find("command")->items[i];
    texts.push_back({"command", collector.command[i], item.position});
  }
  return texts;
}

bool Uses(const Templated& templated, const std::string& name) {
  const std::vector<TextPiece> pieces = SplitPlaceholders(templated.text);
  return std::ranges::any_of(pieces, [&](const TextPiece& piece) {
    return piece.is_token && piece.text == name;
  });
}

// A matrix name is always used, as a label. (A script may use any variable.)
void CheckUsed(const TableReader& reader, const CollectorConfig& collector,
               const std::vector<Templated>& texts) {
  for (const ParameterConfig& parameter : collector.parameters) {
    const bool used =
        std::ranges::any_of(texts, [&](const Templated& templated) {
          return Uses(templated, parameter.name);
        });
    if (!used && !parameter.name.empty()) {
      reader.Fail(parameter.position,
                  "parameter " + Quote(parameter.name) + ": {" +
                      parameter.name +
                      "} stands nowhere in command, env, cwd or stdin: use it "
                      "there, or remove the parameter");
    }
  }
}

void CheckVariables(const TableReader& reader, const CollectorConfig& collector,
                    const std::vector<Declared>& declared) {
  for (const Declared& one : declared) {
    const std::string key(one.key);
    const std::string fault = EnvironmentNameFault(one.name);
    if (!fault.empty() && !one.name.empty()) {
      reader.Fail(one.at, key + ": " + fault);
    }
    if (collector.run.env.count(one.name) > 0) {
      reader.Fail(one.at,
                  key + ": " + Quote(one.name) +
                      " is also a variable of env, and with shell each " + key +
                      " name is an environment variable: rename one");
    }
  }
}

}  // namespace

void CheckPlaceholders(const TableReader& reader,
                       const CollectorConfig& collector) {
  const std::vector<Declared> declared = DeclaredNames(reader, collector);
  CheckFolder(reader, collector.run.cwd, declared);
  if (declared.empty()) {
    return;
  }
  std::vector<Templated> texts = TemplatedTexts(reader, collector);
  for (Templated& element : CommandTexts(reader, collector)) {
    CheckNoOption(reader, declared, element);
    texts.push_back(std::move(element));
  }
  for (const Templated& templated : texts) {
    CheckDeclared(reader, collector, declared, templated);
  }
  if (collector.shell.empty()) {
    CheckUsed(reader, collector, texts);
  } else {
    CheckVariables(reader, collector, declared);
  }
}

}  // namespace command_exporter
