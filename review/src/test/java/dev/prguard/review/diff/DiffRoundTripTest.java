package dev.prguard.review.diff;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.change.TestRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random edits through the real git: parse and apply give what `git apply` gives, byte for byte.
class DiffRoundTripTest {
  /// Twice each number of context lines from 0 to 10.
  private static final int BATCHES = 22;

  private static final int FILES = 110;

  @TempDir Path temp;

  @Test
  void applyOfParse_tenThousandEdits_equalsGitApply() throws Exception {
    long seed = Long.getLong("seed", 20261122L);
    RandomEdits edits = new RandomEdits(new Random(seed));
    Random random = new Random(seed + 1);
    for (int batch = 0; batch < BATCHES; batch++) {
      batch(edits, random, "seed " + seed + ", batch " + batch, batch % 11);
    }
    assertThat(edits.made()).as("edits, seed %s", seed).isGreaterThanOrEqualTo(10_000);
  }

  private void batch(RandomEdits edits, Random random, String name, int context) throws Exception {
    Map<String, String> before = new TreeMap<>();
    Map<String, String> after = new TreeMap<>();
    for (int i = 0; before.size() < FILES; i++) {
      String old = edits.file();
      String edited = edits.edit(old);
      if (!edited.equals(old)) {
        before.put(edits.name(i), old);
        after.put(edits.name(i), edited);
      }
    }
    for (String path : before.keySet()) {
      switch (random.nextInt(40)) {
        case 0 -> after.remove(path);
        case 1 -> after.put(path + ".added", edits.file());
        case 2 -> after.put(path + ".renamed", after.getOrDefault(path, ""));
        default -> {}
      }
      if (after.containsKey(path + ".renamed")) {
        after.remove(path);
      }
    }
    Path folder = Files.createDirectory(temp.resolve(name));
    write(folder.resolve("old"), before);
    write(folder.resolve("new"), after);
    byte[] diff = TestRepository.diffOfFolders(folder, "-M", "-U" + context, "old", "new");

    assertSame(name, applyAll(DiffParser.parse(diff), before), after);

    // Without context git apply looks for the place itself and may take another equal line.
    if (context > 0) {
      Files.write(folder.resolve("patch"), diff);
      TestRepository.at(folder.resolve("old"))
          .git("apply", "-p2", "--whitespace=nowarn", "../patch");
      assertSame(name + ", git apply", read(folder.resolve("old")), after);
    }
  }

  /// Compares file by file: a message with all files would be unreadable.
  private static void assertSame(
      String name, Map<String, String> actual, Map<String, String> expected) {
    assertThat(actual.keySet()).as(name).isEqualTo(expected.keySet());
    expected.forEach((path, text) -> {
      if (!text.equals(actual.get(path))) {
        assertThat(actual.get(path)).as(name + ", " + path).isEqualTo(text);
      }
    });
  }

  private static Map<String, String> applyAll(PullRequestDiff diff, Map<String, String> before) {
    Map<String, String> result = new TreeMap<>(before);
    for (FileDiff file : diff.files()) {
      if (file.oldPath() != null && file.status() != FileDiff.Status.COPIED) {
        result.remove(name(file.oldPath()));
      }
    }
    for (FileDiff file : diff.files()) {
      String old =
          file.oldPath() == null
              ? ""
              : before.getOrDefault(name(file.oldPath()), "(not there before)");
      byte[] applied = DiffApplier.apply(file, old.getBytes(ISO_8859_1));
      if (file.newPath() != null) {
        result.put(name(file.newPath()), new String(applied, ISO_8859_1));
      }
    }
    return result;
  }

  /// The path without the folder `old` or `new`.
  private static String name(@Nullable String path) {
    return path == null ? "" : path.substring("old/".length());
  }

  private static void write(Path folder, Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue().getBytes(ISO_8859_1));
    }
  }

  private static Map<String, String> read(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(
            folder.relativize(path).toString(), new String(Files.readAllBytes(path), ISO_8859_1));
      }
    }
    return files;
  }
}
