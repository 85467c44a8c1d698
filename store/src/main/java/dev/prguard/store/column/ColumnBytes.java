package dev.prguard.store.column;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.BooleanValue;
import dev.prguard.trace.AttributeValue.StringValue;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Columns as bytes, as they stand in memory: nothing is unpacked on the way.
public final class ColumnBytes {
  private static final byte LONGS = 1;
  private static final byte DOUBLES = 2;
  private static final byte TEXTS = 3;
  private static final byte BOOLEANS = 4;

  private ColumnBytes() {}

  /// @param column of a dictionary only of texts, or only of booleans
  public static byte[] of(Column column) {
    return switch (column) {
      case Column.Longs(PackedLongs values, BitSet missing) ->
          bytes(LONGS, missing, values.storedBytes(), values::store);
      case Column.Doubles(PackedDoubles values, BitSet missing) ->
          bytes(DOUBLES, missing, values.storedBytes(), values::store);
      case Column.Coded(PackedLongs codes, List<@Nullable AttributeValue> dictionary) -> {
        List<byte[]> texts = new ArrayList<>();
        int size = 5;
        for (AttributeValue value : dictionary) {
          byte[] text =
              switch (value) {
                case StringValue(String own) -> own.getBytes(StandardCharsets.UTF_8);
                case BooleanValue(boolean own) -> new byte[] {(byte) (own ? 1 : 0)};
                case null, default -> throw new IllegalArgumentException("of " + value);
              };
          texts.add(text);
          size += 4 + text.length;
        }
        boolean booleans = !dictionary.isEmpty() && dictionary.getFirst() instanceof BooleanValue;
        byte[] array = new byte[size + codes.storedBytes()];
        ByteBuffer bytes = buffer(array).put(booleans ? BOOLEANS : TEXTS);
        bytes.putInt(texts.size());
        texts.forEach(text -> bytes.putInt(text.length).put(text));
        codes.store(bytes);
        yield array;
      }
    };
  }

  /// @throws IllegalArgumentException when these are not the bytes of a column
  public static Column column(byte[] of) {
    try {
      ByteBuffer bytes = buffer(of);
      byte type = bytes.get();
      return switch (type) {
        case LONGS -> {
          BitSet missing = missing(bytes);
          yield new Column.Longs(PackedLongs.load(bytes), missing);
        }
        case DOUBLES -> {
          BitSet missing = missing(bytes);
          yield new Column.Doubles(PackedDoubles.load(bytes), missing);
        }
        case TEXTS, BOOLEANS -> {
          List<@Nullable AttributeValue> dictionary = new ArrayList<>();
          for (int left = bytes.getInt(); left > 0; left--) {
            byte[] text = new byte[length(bytes, 1)];
            bytes.get(text);
            dictionary.add(
                type == TEXTS
                    ? AttributeValue.of(new String(text, StandardCharsets.UTF_8))
                    : AttributeValue.of(text[0] == 1));
          }
          yield new Column.Coded(PackedLongs.load(bytes), dictionary);
        }
        default -> throw new IllegalArgumentException("a column of type " + type);
      };
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("cut off", e);
    }
  }

  private static ByteBuffer buffer(byte[] array) {
    return ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(
      byte type, @Nullable BitSet missing, int storedBytes, Consumer<ByteBuffer> values) {
    long[] words = missing == null ? new long[0] : missing.toLongArray();
    byte[] array = new byte[1 + Integer.BYTES + Long.BYTES * words.length + storedBytes];
    ByteBuffer bytes = buffer(array).put(type).putInt(words.length);
    bytes.asLongBuffer().put(words);
    bytes.position(bytes.position() + Long.BYTES * words.length);
    values.accept(bytes);
    return array;
  }

  private static @Nullable BitSet missing(ByteBuffer from) {
    long[] words = new long[length(from, Long.BYTES)];
    from.asLongBuffer().get(words);
    from.position(from.position() + Long.BYTES * words.length);
    return words.length == 0 ? null : BitSet.valueOf(words);
  }

  private static int length(ByteBuffer from, int size) {
    int length = from.getInt();
    if (length < 0 || (long) length * size > from.remaining()) {
      throw new IllegalArgumentException("a length of " + length);
    }
    return length;
  }
}
