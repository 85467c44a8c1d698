package dev.prguard.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A protobuf message by the numbers of its fields, for the few of Tempo's that it takes: its
/// `.proto` files are under the AGPL, so nothing is generated from them. As in proto3 zero and
/// empty are left out.
final class ProtoMessage {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes, 512);

  @FunctionalInterface
  private interface Write {
    void to(CodedOutputStream out) throws IOException;
  }

  private ProtoMessage write(Write write) {
    try {
      write.to(out);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ProtoMessage text(int field, String text) {
    return text.isEmpty() ? this : write(to -> to.writeString(field, text));
  }

  /// One of a repeated field, which may be empty.
  ProtoMessage element(int field, String text) {
    return write(to -> to.writeString(field, text));
  }

  /// Of any unsigned or signed integer type that is not zigzag.
  ProtoMessage number(int field, long number) {
    return number == 0 ? this : write(to -> to.writeInt64(field, number));
  }

  ProtoMessage real(int field, double number) {
    return number == 0 ? this : write(to -> to.writeDouble(field, number));
  }

  /// Written even where it is empty.
  ProtoMessage message(int field, ProtoMessage message) {
    return message(field, message.toBytes());
  }

  ProtoMessage message(int field, byte[] message) {
    return write(to -> to.writeByteArray(field, message));
  }

  byte[] toBytes() {
    write(CodedOutputStream::flush);
    return bytes.toByteArray();
  }

  /// The fields of a message that came in: numbers and bytes, by field.
  record Fields(Map<Integer, Long> numbers, Map<Integer, List<ByteString>> bytes) {

    /// @throws InvalidProtocolBufferException when it is no message
    static Fields read(byte[] message) throws IOException {
      CodedInputStream in = CodedInputStream.newInstance(message);
      Map<Integer, Long> numbers = new HashMap<>();
      Map<Integer, List<ByteString>> bytes = new HashMap<>();
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        int field = WireFormat.getTagFieldNumber(tag);
        switch (WireFormat.getTagWireType(tag)) {
          case WireFormat.WIRETYPE_VARINT -> numbers.put(field, in.readInt64());
          case WireFormat.WIRETYPE_LENGTH_DELIMITED ->
              bytes.computeIfAbsent(field, _ -> new ArrayList<>()).add(in.readBytes());
          default -> in.skipField(tag);
        }
      }
      return new Fields(numbers, bytes);
    }

    long number(int field) {
      return numbers.getOrDefault(field, 0L);
    }

    List<ByteString> all(int field) {
      return bytes.getOrDefault(field, List.of());
    }

    /// Of a repeated field that should not be, the last holds.
    String text(int field) {
      List<ByteString> all = all(field);
      return all.isEmpty() ? "" : all.getLast().toStringUtf8();
    }
  }
}
