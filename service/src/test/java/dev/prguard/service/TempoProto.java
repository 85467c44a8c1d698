package dev.prguard.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;

/// Tempo's messages as its clients know them (`pkg/tempopb/tempo.proto` of 3.0), read and written
/// by protobuf's own library.
final class TempoProto {
  /// name = number : type, where `*` is repeated; what ends in Entry is a map.
  private static final List<String> SCHEMA =
      List.of(
          "SearchRequest Tags=1:*Tag MinDurationMs=2:u32 MaxDurationMs=3:u32 Limit=4:u32"
              + " start=5:u32 end=6:u32 Query=8:s SpansPerSpanSet=9:u32",
          "Tag key=1:s value=2:s",
          "SearchResponse traces=1:*TraceSearchMetadata metrics=2:SearchMetrics",
          "TraceSearchMetadata traceID=1:s rootServiceName=2:s rootTraceName=3:s"
              + " startTimeUnixNano=4:u64 durationMs=5:u32 spanSet=6:SpanSet spanSets=7:*SpanSet"
              + " serviceStats=8:*ServiceStatsEntry",
          "ServiceStatsEntry key=1:s value=2:ServiceStats",
          "ServiceStats spanCount=1:u32 errorCount=2:u32",
          "SpanSet spans=1:*Span matched=2:u32 attributes=3:*KeyValue",
          "Span spanID=1:s name=2:s startTimeUnixNano=3:u64 durationNanos=4:u64"
              + " attributes=5:*KeyValue",
          "SearchMetrics inspectedTraces=1:u32 inspectedBytes=2:u64 totalBlocks=3:u32"
              + " completedJobs=4:u32 totalJobs=5:u32",
          "SearchTagsRequest scope=1:s query=2:s start=3:u32 end=4:u32 maxTagsPerScope=5:u32",
          "SearchTagsResponse tagNames=1:*s metrics=2:MetadataMetrics",
          "SearchTagsV2Response scopes=1:*SearchTagsV2Scope metrics=2:MetadataMetrics",
          "SearchTagsV2Scope name=1:s tags=2:*s",
          "SearchTagValuesRequest tagName=1:s query=2:s start=4:u32 end=5:u32 maxTagValues=6:u32",
          "SearchTagValuesResponse tagValues=1:*s metrics=2:MetadataMetrics",
          "SearchTagValuesV2Response tagValues=1:*TagValue metrics=2:MetadataMetrics",
          "TagValue type=1:s value=2:s",
          "MetadataMetrics inspectedBytes=1:u64",
          "QueryRangeRequest query=1:s start=2:u64 end=3:u64 step=4:u64 queryMode=7:s"
              + " exemplars=16:u32 maxSeries=17:u32",
          "QueryRangeResponse series=1:*TimeSeries metrics=2:SearchMetrics status=3:u32 message=4:s",
          "TimeSeries labels=1:*KeyValue samples=2:*Sample exemplars=4:*Exemplar",
          "Sample value=1:d timestampMs=2:i64",
          "Exemplar labels=1:*KeyValue value=2:d timestampMs=3:i64",
          "QueryInstantRequest query=1:s start=2:u64 end=3:u64",
          "QueryInstantResponse series=1:*InstantSeries metrics=2:SearchMetrics",
          "InstantSeries labels=1:*KeyValue value=2:d",
          "KeyValue key=1:s value=2:AnyValue",
          "AnyValue stringValue=1:s boolValue=2:b intValue=3:i64 doubleValue=4:d"
              + " arrayValue=5:ArrayValue",
          "ArrayValue values=1:*AnyValue");

  private static final FileDescriptor FILE = file();

  private TempoProto() {}

  private static FileDescriptor file() {
    FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder().setName("tempo.proto");
    for (String line : SCHEMA) {
      List<String> words = List.of(line.split(" ", -1));
      DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(words.getFirst());
      for (String word : words.subList(1, words.size())) {
        String[] parts = word.split("[=:]", -1);
        boolean repeated = parts[2].startsWith("*");
        String type = repeated ? parts[2].substring(1) : parts[2];
        FieldDescriptorProto.Builder field =
            message
                .addFieldBuilder()
                .setName(parts[0])
                .setNumber(Integer.parseInt(parts[1]))
                .setLabel(
                    repeated
                        ? FieldDescriptorProto.Label.LABEL_REPEATED
                        : FieldDescriptorProto.Label.LABEL_OPTIONAL);
        switch (type) {
          case "s" -> field.setType(FieldDescriptorProto.Type.TYPE_STRING);
          case "b" -> field.setType(FieldDescriptorProto.Type.TYPE_BOOL);
          case "d" -> field.setType(FieldDescriptorProto.Type.TYPE_DOUBLE);
          case "u32" -> field.setType(FieldDescriptorProto.Type.TYPE_UINT32);
          case "u64" -> field.setType(FieldDescriptorProto.Type.TYPE_UINT64);
          case "i64" -> field.setType(FieldDescriptorProto.Type.TYPE_INT64);
          default -> field.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(type);
        }
      }
      file.addMessageType(message);
    }
    try {
      return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
    } catch (com.google.protobuf.Descriptors.DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }

  /// @param fields texts, [Long] for all numbers, and maps of texts
  static byte[] write(String type, Map<String, Object> fields) {
    Descriptor descriptor = FILE.findMessageTypeByName(type);
    DynamicMessage.Builder message = DynamicMessage.newBuilder(descriptor);
    fields.forEach((name, value) -> {
      FieldDescriptor field = descriptor.findFieldByName(name);
      switch (value) {
        case Map<?, ?> map ->
            map.forEach((key, text) ->
                message.addRepeatedField(
                    field,
                    DynamicMessage.newBuilder(field.getMessageType())
                        .setField(field.getMessageType().findFieldByNumber(1), key)
                        .setField(field.getMessageType().findFieldByNumber(2), text)
                        .build()));
        case Long number when field.getJavaType() == FieldDescriptor.JavaType.INT ->
            message.setField(field, number.intValue());
        default -> message.setField(field, value);
      }
    });
    return message.build().toByteArray();
  }

  /// As proto3's JSON, which is what Tempo answers over HTTP.
  static JsonNode read(String type, byte[] bytes) throws Exception {
    DynamicMessage message = DynamicMessage.parseFrom(FILE.findMessageTypeByName(type), bytes);
    return json(message);
  }

  private static ObjectNode json(Message message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw new AssertionError(
          message.getDescriptorForType().getName() + " has no " + message.getUnknownFields());
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    message
        .getAllFields()
        .forEach((field, value) -> {
          if (isMap(field)) {
            ObjectNode map = json.putObject(field.getName());
            for (Object element : (List<?>) value) {
              Message entry = (Message) element;
              Descriptor of = entry.getDescriptorForType();
              map.set(
                  (String) entry.getField(of.findFieldByNumber(1)),
                  json((Message) entry.getField(of.findFieldByNumber(2))));
            }
          } else if (field.isRepeated()) {
            ArrayNode array = json.putArray(field.getName());
            ((List<?>) value).forEach(element -> array.add(json(field, element)));
          } else {
            json.set(field.getName(), json(field, value));
          }
        });
    return json;
  }

  private static boolean isMap(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && field.getMessageType().getName().endsWith("Entry");
  }

  private static JsonNode json(FieldDescriptor field, Object value) {
    return switch (value) {
      case Message message -> json(message);
      case Long number ->
          JsonNodeFactory.instance.textNode(
              field.getType() == FieldDescriptor.Type.UINT64
                  ? Long.toUnsignedString(number)
                  : Long.toString(number));
      case Integer number -> JsonNodeFactory.instance.numberNode(number);
      case Double number -> JsonNodeFactory.instance.numberNode(number);
      case Boolean truth -> JsonNodeFactory.instance.booleanNode(truth);
      default -> JsonNodeFactory.instance.textNode(value.toString());
    };
  }
}
