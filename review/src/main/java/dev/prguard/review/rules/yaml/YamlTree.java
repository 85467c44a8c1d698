package dev.prguard.review.rules.yaml;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// YAML files among the program's resources, as maps, lists, texts, numbers and truth values.
///
/// Every review reads all rules, and a cold YAML parser takes a sixth of a second for them. The
/// build therefore writes beside each `NAME.yml` a `NAME.yml.tree`, which holds the same and is
/// read in a twentieth of that: the CRC-32 of the YAML text, the number of bytes that follow, then
/// the tree in the order of the text, each value after a letter for its type, lengths as 4 bytes. A
/// tree of another text is passed over, so an edited file counts at once.
public final class YamlTree {

  /// Bytes before the tree.
  private static final int HEADER = 8;

  private YamlTree() {}

  /// @param owner class beside which the resource is
  public static @Nullable Object ofResource(Class<?> owner, String name) {
    byte[] yaml = resource(owner, name);
    if (yaml == null) {
      throw new IllegalStateException("resource: " + name + " (expected: in the jar)");
    }
    return read(name, yaml, resource(owner, name + ".tree"));
  }

  /// The tree of a text, taken from `tree` when that was written from this text.
  static @Nullable Object read(String name, byte[] yaml, byte @Nullable [] tree) {
    if (tree != null && tree.length > HEADER) {
      ByteBuffer bytes = ByteBuffer.wrap(tree);
      if (bytes.getInt() == checksum(yaml) && bytes.getInt() == bytes.remaining()) {
        return value(bytes);
      }
    }
    return parse(name, new String(yaml, StandardCharsets.UTF_8));
  }

  /// @param name of the file, for messages
  public static @Nullable Object parse(String name, String yaml) {
    return new Load(
            LoadSettings.builder().setLabel(name).setCodePointLimit(Integer.MAX_VALUE).build())
        .loadFromString(yaml);
  }

  /// Writes the trees of all YAML files below a folder, beside them.
  public static void main(String[] args) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(args[0]))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yml")).toList()) {
        byte[] yaml = Files.readAllBytes(file);
        Files.write(
            file.resolveSibling(file.getFileName() + ".tree"), written(file.toString(), yaml));
      }
    }
  }

  static byte[] written(String name, byte[] yaml) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(yaml.length);
    write(new DataOutputStream(bytes), parse(name, new String(yaml, StandardCharsets.UTF_8)));
    return ByteBuffer.allocate(HEADER + bytes.size())
        .putInt(checksum(yaml))
        .putInt(bytes.size())
        .put(bytes.toByteArray())
        .array();
  }

  private static int checksum(byte[] yaml) {
    CRC32 sum = new CRC32();
    sum.update(yaml);
    return (int) sum.getValue();
  }

  private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
    switch (value) {
      case Map<?, ?> map -> {
        out.writeByte('M');
        out.writeInt(map.size());
        for (Map.Entry<?, ?> each : map.entrySet()) {
          write(out, each.getKey());
          write(out, each.getValue());
        }
      }
      case List<?> list -> {
        out.writeByte('L');
        out.writeInt(list.size());
        for (Object each : list) {
          write(out, each);
        }
      }
      case String text -> {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte('S');
        out.writeInt(utf8.length);
        out.write(utf8);
      }
      case Boolean truth -> {
        out.writeByte('B');
        out.writeBoolean(truth);
      }
      case Integer number -> {
        out.writeByte('I');
        out.writeInt(number);
      }
      case Double number -> {
        out.writeByte('D');
        out.writeDouble(number);
      }
      case null -> out.writeByte('N');
      default -> throw new IOException("no form for a " + value.getClass().getSimpleName());
    }
  }

  private static @Nullable Object value(ByteBuffer in) {
    char type = (char) in.get();
    return switch (type) {
      case 'M' -> {
        int size = in.getInt();
        Map<@Nullable Object, @Nullable Object> map = LinkedHashMap.newLinkedHashMap(size);
        for (int i = 0; i < size; i++) {
          Object key = value(in);
          map.put(key, value(in));
        }
        yield map;
      }
      case 'L' -> {
        int size = in.getInt();
        List<@Nullable Object> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
          list.add(value(in));
        }
        yield list;
      }
      case 'S' -> {
        byte[] utf8 = new byte[in.getInt()];
        in.get(utf8);
        yield new String(utf8, StandardCharsets.UTF_8);
      }
      case 'B' -> in.get() != 0;
      case 'I' -> in.getInt();
      case 'D' -> in.getDouble();
      default -> null;
    };
  }

  private static byte @Nullable [] resource(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
