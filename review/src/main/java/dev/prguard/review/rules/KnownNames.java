package dev.prguard.review.rules;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The best-known packages of a registry, and which of them another name imitates.
final class KnownNames {

  /// So many of the best-known are worth imitating.
  private static final int TARGETS = 2_000;

  /// Of shorter names too many real ones are one letter apart.
  private static final int MIN_CHARS = 5;

  private static final class Npm {
    static final KnownNames NAMES = new KnownNames("names-npm.txt");
  }

  private static final class Pypi {
    static final KnownNames NAMES = new KnownNames("names-pypi.txt");
  }

  private final Set<String> known = new HashSet<>();

  /// Targets by what is left of them when one character is taken out, and by themselves.
  private final Map<String, List<String>> near = new HashMap<>();

  /// Targets by their letters and digits alone.
  private final Map<String, String> bare = new HashMap<>();

  static KnownNames npm() {
    return Npm.NAMES;
  }

  static KnownNames pypi() {
    return Pypi.NAMES;
  }

  private KnownNames(String resource) {
    try (InputStream in = KnownNames.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource: " + resource + " (expected: in the jar)");
      }
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(KnownNames::normalised)
          .forEach(this::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String name) {
    if (known.add(name) && known.size() <= TARGETS && name.length() >= MIN_CHARS) {
      bare.putIfAbsent(bare(name), name);
      for (String shorter : shorter(name)) {
        near.computeIfAbsent(shorter, _ -> new ArrayList<>()).add(name);
      }
    }
  }

  private static String normalised(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
  }

  private static String bare(String name) {
    return name.replace("-", "");
  }

  /// The name, and the name without each of its characters.
  private static Set<String> shorter(String name) {
    Set<String> shorter = new HashSet<>(Set.of(name));
    for (int i = 0; i < name.length(); i++) {
      shorter.add(name.substring(0, i) + name.substring(i + 1));
    }
    return shorter;
  }

  /// The well-known package that a name differs from by one character more, less or other, by two
  /// that changed places, or by its hyphens; empty when the name is well known itself.
  Optional<String> imitated(String name) {
    String given = normalised(name);
    if (known.contains(given) || given.length() < MIN_CHARS - 1 || given.startsWith("@")) {
      return Optional.empty();
    }
    String same = bare.get(bare(given));
    if (same != null) {
      return Optional.of(same);
    }
    for (String shorter : shorter(given)) {
      for (String target : near.getOrDefault(shorter, List.of())) {
        if (isNear(given, target)) {
          return Optional.of(target);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isNear(String one, String other) {
    if (Math.abs(one.length() - other.length()) > 1 || differsByNumber(one, other)) {
      return false;
    }
    int start = 0;
    while (start < Math.min(one.length(), other.length())
        && one.charAt(start) == other.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < Math.min(one.length(), other.length()) - start
        && one.charAt(one.length() - 1 - end) == other.charAt(other.length() - 1 - end)) {
      end++;
    }
    String left = one.substring(start, one.length() - end);
    String right = other.substring(start, other.length() - end);
    boolean swapped =
        left.length() == 2
            && right.length() == 2
            && left.charAt(0) == right.charAt(1)
            && left.charAt(1) == right.charAt(0);
    return (left.length() <= 1 && right.length() <= 1) || swapped;
  }

  /// `lib2` and `lib3` are two versions of one thing.
  private static boolean differsByNumber(String one, String other) {
    return !one.equals(other) && one.replaceAll("\\d", "").equals(other.replaceAll("\\d", ""));
  }
}
