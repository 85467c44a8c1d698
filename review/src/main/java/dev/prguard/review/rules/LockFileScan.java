package dev.prguard.review.rules;

import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.DiffLine.Kind;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.rules.LockEntries.Entry;
import dev.prguard.review.rules.Rule.Builtin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Swaps in lock files: the same package and version, but from elsewhere or with other content.
/// Nobody reads these files in a review, which is why they are attacked.
final class LockFileScan {

  private static final Set<String> REGISTRIES =
      Set.of(
          "registry.npmjs.org",
          "registry.yarnpkg.com",
          "files.pythonhosted.org",
          "pypi.org",
          "index.crates.io",
          "static.crates.io",
          "api.github.com",
          "codeload.github.com");

  private static final String CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index";

  private final RuleCatalog catalog;
  private final ScannedFile file;
  private final Report report;
  private final String fileName;

  LockFileScan(RuleCatalog catalog, ScannedFile file, Report report) {
    this.catalog = catalog;
    this.file = file;
    this.report = report;
    String path = file.path().toLowerCase(Locale.ROOT);
    fileName = path.substring(path.lastIndexOf('/') + 1);
  }

  void run() {
    if (file.hunks().isEmpty()) {
      // A whole file, without a before.
      for (Segment segment : file.segments()) {
        Piece piece = new Piece(segment.lines(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < segment.lines().size(); i++) {
          piece.numbers().add(segment.number(i));
          piece.changed().add(true);
        }
        addresses(LockEntries.read(fileName, piece.lines()), piece, new HashSet<>());
      }
      return;
    }
    List<Piece> olds = file.hunks().stream().map(h -> Piece.of(h, Kind.DELETED)).toList();
    List<List<Entry>> before =
        olds.stream().map(piece -> LockEntries.read(fileName, piece.lines())).toList();
    Set<String> known = new HashSet<>();
    for (List<Entry> entries : before) {
      for (Entry entry : entries) {
        known.add(entry.url());
        known.add(origin(entry.url()));
      }
    }
    for (int i = 0; i < file.hunks().size(); i++) {
      Piece after = Piece.of(file.hunks().get(i), Kind.ADDED);
      List<Entry> entries = LockEntries.read(fileName, after.lines());
      Optional<Rule> integrity = catalog.builtin(Builtin.LOCK_INTEGRITY);
      if (integrity.isPresent()) {
        swaps(integrity.get(), before.get(i), olds.get(i), entries, after);
      }
      addresses(entries, after, known);
    }
  }

  private void swaps(
      Rule rule, List<Entry> before, Piece oldPiece, List<Entry> after, Piece newPiece) {
    Map<String, Entry> old = new HashMap<>();
    for (Entry entry : before) {
      old.putIfAbsent(identity(entry), entry);
    }
    for (Entry entry : after) {
      Entry same = old.get(identity(entry));
      if (same == null || same.hashes().isEmpty()) {
        continue;
      }
      if (entry.hashes().isEmpty()) {
        if (oldPiece.changed().get(same.hashLine())) {
          add(rule, Side.OLD, oldPiece, same.hashLine());
        }
      } else if (!entry.hashes().containsAll(same.hashes())
          && !same.hashes().containsAll(entry.hashes())) {
        add(rule, Side.NEW, newPiece, firstChanged(newPiece, entry.hashLine()));
      }
    }
  }

  private void addresses(List<Entry> entries, Piece piece, Set<String> known) {
    Optional<Rule> hostRule = catalog.builtin(Builtin.LOCK_HOST);
    Optional<Rule> urlRule = catalog.builtin(Builtin.LOCK_URL);
    for (Entry entry : entries) {
      if (entry.urlLine() < 0 || !piece.changed().get(entry.urlLine())) {
        continue;
      }
      String url = entry.url();
      if (urlRule.isPresent() && isUnpinned(url) && known.add(url)) {
        add(urlRule.get(), Side.NEW, piece, entry.urlLine());
      }
      String origin = origin(url);
      boolean registry = REGISTRIES.contains(origin) || url.equals(CRATES_IO);
      // Once an origin: when a whole file moves to a mirror, one finding says so.
      if (hostRule.isPresent() && !origin.isEmpty() && !registry && known.add(origin)) {
        add(hostRule.get(), Side.NEW, piece, entry.urlLine());
      }
    }
  }

  private void add(Rule rule, Side side, Piece piece, int at) {
    report.add(rule, side, piece.numbers().get(at), piece.lines().get(at));
  }

  private static int firstChanged(Piece piece, int from) {
    for (int i = from; i < piece.lines().size(); i++) {
      if (piece.changed().get(i)) {
        return i;
      }
    }
    return from;
  }

  private static String identity(Entry entry) {
    return entry.name() + '\0' + entry.version();
  }

  private static boolean isUnpinned(String url) {
    return url.startsWith("http://")
        || url.startsWith("git+")
        || url.startsWith("git:")
        || url.startsWith("git@")
        || url.startsWith("ssh:")
        || url.startsWith("registry+http:");
  }

  /// Who answers for what is fetched: a host, or for Cargo the whole address of the registry, since
  /// many registries can be on one host.
  private static String origin(String url) {
    return url.startsWith("registry+") || url.startsWith("sparse+") ? url : host(url);
  }

  /// The host that a client would connect to: what stands before an `@` is only a user name.
  private static String host(String url) {
    int start = url.indexOf("://");
    if (start < 0) {
      return "";
    }
    String rest = url.substring(start + 3);
    int end = 0;
    while (end < rest.length() && "/?#\\".indexOf(rest.charAt(end)) < 0) {
      end++;
    }
    String authority = rest.substring(rest.lastIndexOf('@', end) + 1, end);
    int port = authority.lastIndexOf(':');
    return (port < 0 ? authority : authority.substring(0, port)).toLowerCase(Locale.ROOT);
  }

  /// One side of a hunk.
  private record Piece(List<String> lines, List<Integer> numbers, List<Boolean> changed) {

    static Piece of(Hunk hunk, Kind side) {
      Piece piece = new Piece(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      int number = side == Kind.ADDED ? hunk.newStart() : hunk.oldStart();
      for (DiffLine line : hunk.lines()) {
        if (line.kind() == side || line.kind() == Kind.CONTEXT) {
          piece.lines.add(line.text());
          piece.numbers.add(number++);
          piece.changed.add(line.kind() == side);
        }
      }
      return piece;
    }
  }
}
