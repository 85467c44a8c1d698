package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads the packages of a piece of a lock file, line by line: name, version, where it comes from
/// and its checksums. Knows npm, Yarn, pnpm, Cargo, Go, pip, Poetry, uv, Pipenv and Composer.
final class LockEntries {

  /// @param name unique within the file; for an entry whose head is not in sight, `?`
  /// @param version empty when it is part of the name, or not in sight
  /// @param url empty when none
  /// @param hashes sorted; empty when none
  /// @param urlLine position of the line with the address, -1 when none
  /// @param hashLine position of the first line with a checksum, -1 when none
  record Entry(
      String name, String version, String url, Set<String> hashes, int urlLine, int hashLine) {}

  private static final Pattern JSON_KEY = Pattern.compile("^\\s*\"([^\"]*)\"\\s*:\\s*\\{");
  private static final Pattern YARN_KEY = Pattern.compile("^(\"?[^\\s#\"].*):\\s*$");
  private static final Pattern PNPM_KEY = Pattern.compile("^  ['\"]?(/?@?[^\\s'\"]+)['\"]?:\\s*$");
  private static final Pattern PIP_KEY =
      Pattern.compile("^\\s*([A-Za-z0-9][\\w.\\[\\],-]*)\\s*==\\s*([^\\s;\\\\]+)");
  private static final Pattern TOML_PACKAGE = Pattern.compile("^\\s*\\[\\[package\\]\\]");
  private static final Pattern NAME = Pattern.compile("^\\s*\"?name\"?\\s*[=:]\\s*\"([^\"]*)\"");
  private static final Pattern VERSION =
      Pattern.compile("^\\s*\"?version\"?\\s*[=: ]\\s*\"?([^\",\\s]+)\"?");
  private static final Pattern URL =
      Pattern.compile(
          "\\b(?:resolved|source|url|tarball|repo)\"?\\s*[=: ]\\s*\"?'?([a-z+]+(?:://|[:@])[^\"',}\\s]+)");
  private static final Pattern HASH =
      Pattern.compile(
          "\\b(?:integrity|checksum|hash|shasum)\"?\\s*[=: ]\\s*\"?'?([A-Za-z0-9]+[-:/]?[A-Za-z0-9+/=]{16,})");
  private static final Pattern YARN_CACHE = Pattern.compile("^\\d+(?:c\\d+)?/");
  private static final Pattern LISTED_HASH = Pattern.compile("\"(sha\\d+:[0-9a-f]{32,})\"");
  private static final Pattern FILE = Pattern.compile("\\{\\s*(?:file|url)\\s*=\\s*\"([^\"]+)\"");
  private static final Pattern GO_SUM =
      Pattern.compile("^(\\S+) (v\\S+) (h\\d:[A-Za-z0-9+/=]+)\\s*$");

  private final String fileName;
  private final List<Entry> entries = new ArrayList<>();
  private String name = "?";
  private String version = "";
  private String url = "";
  private Set<String> hashes = new TreeSet<>();
  private int urlLine = -1;
  private int hashLine = -1;

  private LockEntries(String fileName) {
    this.fileName = fileName;
  }

  /// @param fileName without folders, lower case
  static List<Entry> read(String fileName, List<String> lines) {
    LockEntries reader = new LockEntries(fileName);
    for (int i = 0; i < lines.size(); i++) {
      reader.line(lines.get(i), i);
    }
    reader.close("?");
    return reader.entries;
  }

  private void line(String line, int at) {
    if (line.length() > 4_000) {
      return;
    }
    if (fileName.equals("go.sum")) {
      Matcher sum = GO_SUM.matcher(line);
      if (sum.find()) {
        close(group(sum, 1));
        version = group(sum, 2);
        hash(group(sum, 3), at);
        close("?");
      }
      return;
    }
    Matcher file = FILE.matcher(line);
    if (file.find()) {
      fileLine(line, group(file, 1), at);
      return;
    }
    String key = key(line);
    if (key != null) {
      close(key);
    }
    Matcher pip = PIP_KEY.matcher(line);
    if (fileName.endsWith(".txt") && pip.find()) {
      version = group(pip, 2);
    }
    Matcher named = NAME.matcher(line);
    if (fileName.equals("cargo.lock") && named.find()) {
      name = group(named, 1);
    }
    Matcher versioned = VERSION.matcher(line);
    if (versioned.find()) {
      version = group(versioned, 1);
    }
    Matcher addressed = URL.matcher(line);
    if (addressed.find()) {
      url = group(addressed, 1);
      urlLine = at;
    }
    hashes(line, at);
  }

  /// `{file = "x.whl", hash = "sha256:..."}`: each file of a package is an entry of its own.
  private void fileLine(String line, String address, int at) {
    close(address.substring(address.lastIndexOf('/') + 1));
    if (address.contains("://")) {
      url = address;
      urlLine = at;
    }
    hashes(line, at);
    close("?");
  }

  private @Nullable String key(String line) {
    Pattern pattern =
        switch (fileName) {
          case "yarn.lock" -> YARN_KEY;
          case "pnpm-lock.yaml" -> PNPM_KEY;
          case "cargo.lock", "poetry.lock", "uv.lock" -> TOML_PACKAGE;
          default -> fileName.endsWith(".txt") ? PIP_KEY : JSON_KEY;
        };
    Matcher matcher = pattern.matcher(line);
    if (!matcher.find()) {
      return null;
    }
    return matcher.groupCount() == 0 ? "?" : group(matcher, 1);
  }

  private void hashes(String line, int at) {
    for (Pattern pattern : List.of(HASH, LISTED_HASH)) {
      Matcher matcher = pattern.matcher(line);
      while (matcher.find()) {
        hash(group(matcher, 1), at);
      }
    }
  }

  private void hash(String hash, int at) {
    // Yarn puts the version of its cache before the checksum: `10c0/3f2a...`.
    Matcher cached = YARN_CACHE.matcher(hash);
    hashes.add(cached.find() ? hash.substring(cached.end()) : hash);
    if (hashLine < 0) {
      hashLine = at;
    }
  }

  private void close(String nextName) {
    if (!url.isEmpty() || !hashes.isEmpty()) {
      entries.add(new Entry(name, version, url, hashes, urlLine, hashLine));
    }
    name = nextName;
    version = "";
    url = "";
    hashes = new TreeSet<>();
    urlLine = -1;
    hashLine = -1;
  }

  private static String group(Matcher matcher, int group) {
    String text = matcher.group(group);
    return text == null ? "" : text;
  }
}
