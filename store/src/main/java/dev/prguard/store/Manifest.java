package dev.prguard.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/// Which blocks there are, and how much of which segment is in them. It changes by a rename, so a
/// reader sees the store before a compaction or after it. A text of lines:
///
///     pr-guard-manifest 1
///     block FILE BYTES CHECKSUM SPANS MIN_START MAX_START MAX_END
///     segment FILE OFFSET            what comes before is in a block
///     split TRACE_ID                 has spans in several blocks
///     checksum CRC-32C
///
/// @param segments the file's name, and the offset
/// @param split 32 hexadecimal digits each
record Manifest(List<Block> blocks, Map<String, Long> segments, Set<String> split) {
  static final Manifest EMPTY = new Manifest(List.of(), Map.of(), Set.of());
  private static final String HEAD = "pr-guard-manifest ";
  private static final int VERSION = 1;

  Manifest {
    blocks = List.copyOf(blocks);
    segments = Collections.unmodifiableMap(new TreeMap<>(segments));
    split = Collections.unmodifiableSet(new TreeSet<>(split));
  }

  /// How much of a segment is in blocks, in bytes from its beginning.
  long compacted(String segment) {
    return segments.getOrDefault(segment, 0L);
  }

  /// That of a folder that was never compacted is empty.
  ///
  /// @throws IOException when it cannot be read, or is damaged
  /// @throws StoreFormatException when a newer version wrote it
  static Manifest read(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return EMPTY;
    }
    String head = text.substring(0, Math.max(0, text.indexOf('\n')));
    if (head.matches(HEAD + "[0-9]{1,9}") && !head.equals(HEAD + VERSION)) {
      throw new StoreFormatException(file + ": " + head + "; use a newer version of pr-guard");
    }
    int end = text.lastIndexOf("checksum ");
    if (!text.startsWith(HEAD + VERSION + "\n")
        || end < 0
        || !text.substring(end).equals("checksum " + checksum(text.substring(0, end)) + "\n")) {
      throw new IOException(file + ": damaged (its checksum differs)");
    }
    List<Block> blocks = new ArrayList<>();
    Map<String, Long> segments = new TreeMap<>();
    Set<String> split = new TreeSet<>();
    for (String line : text.substring(0, end).lines().skip(1).toList()) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "block" ->
            blocks.add(
                new Block(
                    words[1],
                    Long.parseLong(words[2]),
                    HexFormat.fromHexDigits(words[3]),
                    Integer.parseInt(words[4]),
                    Long.parseLong(words[5]),
                    Long.parseLong(words[6]),
                    Long.parseLong(words[7])));
        case "segment" -> segments.put(words[1], Long.parseLong(words[2]));
        case "split" -> split.add(words[1]);
        default -> throw new IOException(file + ": damaged (" + words[0] + ")");
      }
    }
    return new Manifest(blocks, segments, split);
  }

  /// Replaces the file; on the disk when this returns.
  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder(HEAD + VERSION + "\n");
    for (Block block : blocks) {
      text.append(
          "block %s %d %08x %d %d %d %d\n"
              .formatted(
                  block.file(),
                  block.bytes(),
                  block.checksum(),
                  block.spans(),
                  block.minStart(),
                  block.maxStart(),
                  block.maxEnd()));
    }
    segments.forEach((name, offset) -> text.append("segment " + name + " " + offset + "\n"));
    split.forEach(trace -> text.append("split " + trace + "\n"));
    text.append("checksum " + checksum(text.toString()) + "\n");
    Path draft = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        int _ = channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    DataFolder.forceNames(file);
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }
}
