package dev.prguard.store;

import dev.prguard.store.BlockSchema.AttributeColumn;
import dev.prguard.store.column.Column;
import dev.prguard.store.column.ColumnBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Columns of a block as they stand in memory, in a file beside its Parquet file: a process that
/// asks one question has them without DuckDB, which takes far longer to hand a column over. All of
/// it is in the Parquet file as well: a block without this file is whole, and a damaged one is
/// passed over. Columns of many different texts are not here. Big-endian, but for the columns:
///
///     columns, the schema, the origins    bytes, one after the other; of the traces five columns of
///                                         a value a trace (see TraceIndex)
///     directory    how many (4), for each: name (UTF), offset (8), length (4), CRC-32C (4)
///     footer       of the directory the offset (8), length (4) and CRC-32C (4),
///                  CRC-32C of the block (4), `PGC1` (4)
final class ColumnsFile {
  static final String SUFFIX = ".columns";
  private static final String SCHEMA = "schema";
  private static final String ORIGINS = "origins";
  private static final int MAGIC = 0x50474331;
  private static final int FOOTER_BYTES = 24;

  /// A column of more different texts is of use to few, and as large as all others together.
  private static final int MAX_TEXTS = 4_096;

  private record Place(long offset, int length, int checksum) {}

  private final Path file;
  private final Map<String, Place> places;

  private ColumnsFile(Path file, Map<String, Place> places) {
    this.file = file;
    this.places = Map.copyOf(places);
  }

  /// Where a block's columns are, if they are.
  static Path path(Path folder, Block block) {
    return folder.resolve(block.file() + SUFFIX);
  }

  /// Bytes of a block's files.
  static long bytes(Path folder, Block block) {
    try {
      return block.bytes() + Files.size(path(folder, block));
    } catch (IOException _) {
      return block.bytes();
    }
  }

  /// Reads columns out of a block, and writes them. On the disk when this returns.
  static void write(Path folder, Block block, BlockSchema schema, VectorReader columns)
      throws IOException, SQLException {
    Path draft = folder.resolve("draft-" + block.file() + SUFFIX);
    try (RandomAccessFile out = new RandomAccessFile(draft.toFile(), "rw")) {
      DataFolder.ownerOnly(draft);
      out.setLength(0);
      Writing writing = new Writing(out, new LinkedHashMap<>());
      writing.add(SCHEMA, schema.toText().getBytes(StandardCharsets.UTF_8));
      Column.Longs starts = columns.longs(Block.START);
      Column.Longs durations = columns.longs(Block.DURATION);
      writing.add(Block.START, starts);
      writing.add(Block.DURATION, durations);
      TraceIndex traces =
          TraceIndex.of(
              columns.longs(Block.TRACE_HIGH).values(),
              columns.longs(Block.TRACE_LOW).values(),
              starts.values(),
              durations.values());
      for (Map.Entry<String, Column> of : traces.columns().entrySet()) {
        writing.add(of.getKey(), of.getValue());
      }
      for (String name : List.of(Block.NAME, Block.KIND, Block.STATUS, Block.STATUS_MESSAGE)) {
        writing.add(name, columns.fewStrings(name, MAX_TEXTS));
      }
      List<byte[]> origins = new ArrayList<>();
      writing.add(
          Block.ORIGIN,
          new Column.Longs(columns.codes(Block.ORIGIN, row -> origins.add(row.getBytes(2))), null));
      writing.add(ORIGINS, joined(origins));
      for (AttributeColumn attribute : schema.columns()) {
        String name = attribute.name();
        writing.add(
            name,
            switch (attribute.type()) {
              case STRING -> columns.fewStrings(name, MAX_TEXTS);
              case LONG -> columns.longs(name);
              case DOUBLE -> columns.doubles(name);
              case BOOLEAN -> columns.booleans(name);
            });
      }
      writing.finish(block.checksum());
      out.getFD().sync();
    } catch (IOException | SQLException | RuntimeException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
    Files.move(draft, path(folder, block), StandardCopyOption.ATOMIC_MOVE);
  }

  private record Writing(RandomAccessFile out, Map<String, Place> places) {
    void add(String name, @Nullable Column column) throws IOException {
      if (column != null) {
        add(name, ColumnBytes.of(column));
      }
    }

    void add(String name, byte[] bytes) throws IOException {
      places.put(name, new Place(out.getFilePointer(), bytes.length, checksum(bytes)));
      out.write(bytes);
    }

    void finish(int blockChecksum) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream directory = new DataOutputStream(bytes);
      directory.writeInt(places.size());
      for (Map.Entry<String, Place> place : places.entrySet()) {
        directory.writeUTF(place.getKey());
        directory.writeLong(place.getValue().offset());
        directory.writeInt(place.getValue().length());
        directory.writeInt(place.getValue().checksum());
      }
      int length = bytes.size();
      int checksum = checksum(bytes.toByteArray());
      directory.writeLong(out.getFilePointer());
      directory.writeInt(length);
      directory.writeInt(checksum);
      directory.writeInt(blockChecksum);
      directory.writeInt(MAGIC);
      out.write(bytes.toByteArray());
    }
  }

  /// @return null where there is none for this very block, or it cannot be read
  static @Nullable ColumnsFile open(Path folder, Block block) {
    Path file = path(folder, block);
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long end = in.length() - FOOTER_BYTES;
      if (end < 0) {
        return null;
      }
      in.seek(end);
      Place directory = new Place(in.readLong(), in.readInt(), in.readInt());
      if (in.readInt() != block.checksum() || in.readInt() != MAGIC) {
        return null;
      }
      byte[] bytes = read(in, directory, end);
      if (bytes == null) {
        return null;
      }
      Map<String, Place> places = new HashMap<>();
      DataInputStream entries = new DataInputStream(new ByteArrayInputStream(bytes));
      for (int left = entries.readInt(); left > 0; left--) {
        places.put(
            entries.readUTF(), new Place(entries.readLong(), entries.readInt(), entries.readInt()));
      }
      return new ColumnsFile(file, places);
    } catch (IOException _) {
      return null;
    }
  }

  /// What makes it useless, in a few words; null where there is none, or nothing is wrong with it.
  static @Nullable String damage(Path folder, Block block) {
    if (Files.notExists(path(folder, block))) {
      return null;
    }
    ColumnsFile file = open(folder, block);
    if (file == null) {
      return "not of this block, or damaged";
    }
    for (String name : file.places.keySet()) {
      if (file.bytes(name) == null) {
        return "the checksum of " + name + " differs";
      }
    }
    return null;
  }

  boolean has(String name) {
    return places.containsKey(name);
  }

  /// @return null where it is not here, or damaged
  @Nullable Column column(String name) {
    byte[] bytes = bytes(name);
    try {
      return bytes == null ? null : ColumnBytes.column(bytes);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /// The text of the block's schema; null where it is damaged.
  @Nullable String schema() {
    byte[] bytes = bytes(SCHEMA);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /// What the codes of [Block#ORIGIN] mean; null where it is damaged.
  @Nullable List<byte[]> origins() {
    byte[] bytes = bytes(ORIGINS);
    return bytes == null ? null : split(bytes);
  }

  private byte @Nullable [] bytes(String name) {
    Place place = places.get(name);
    if (place == null) {
      return null;
    }
    // Not by a channel, which an interrupt of the thread would close.
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      return read(in, place, in.length());
    } catch (IOException _) {
      return null;
    }
  }

  private static byte @Nullable [] read(RandomAccessFile in, Place place, long end)
      throws IOException {
    if (place.length() < 0 || place.offset() < 0 || place.offset() + place.length() > end) {
      return null;
    }
    byte[] bytes = new byte[place.length()];
    in.seek(place.offset());
    in.readFully(bytes);
    return checksum(bytes) == place.checksum() ? bytes : null;
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static byte[] joined(List<byte[]> parts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (byte[] part : parts) {
      out.writeInt(part.length);
      out.write(part);
    }
    return bytes.toByteArray();
  }

  private static List<byte[]> split(byte[] joined) {
    List<byte[]> parts = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(joined);
    while (bytes.hasRemaining()) {
      byte[] part = new byte[bytes.getInt()];
      bytes.get(part);
      parts.add(part);
    }
    return parts;
  }
}
