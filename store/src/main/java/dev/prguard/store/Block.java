package dev.prguard.store;

import java.util.List;

/// What the manifest says of one block: an immutable Parquet file of whole spans, those of a trace
/// next to each other, traces by their start.
///
/// @param file its name in the folder of blocks
/// @param bytes its length
/// @param checksum CRC-32C of the whole file
/// @param minStart of its earliest span; ns since the epoch
/// @param maxStart of its latest span; ns since the epoch
/// @param maxEnd ns since the epoch
record Block(
    String file, long bytes, int checksum, int spans, long minStart, long maxStart, long maxEnd) {

  static final String TRACE_HIGH = "trace_high";
  static final String TRACE_LOW = "trace_low";
  static final String SPAN_ID = "span_id";
  static final String PARENT_ID = "parent_id";
  static final String START = "start_ns";
  static final String DURATION = "duration_ns";
  static final String NAME = "name";
  static final String KIND = "kind";
  static final String STATUS = "status";
  static final String STATUS_MESSAGE = "status_message";

  /// OTLP `TracesData` of a span without anything but its resource and scope.
  static final String ORIGIN = "origin";

  /// OTLP `TracesData` of a span with the attributes that have no column, and events and links.
  static final String REST = "rest";

  /// In which order the span had its attributes: a place in the schema's shapes.
  static final String SHAPE = "shape";

  /// Columns that each block has, with their types; those of attributes follow.
  static final List<String> FIXED =
      List.of(
          TRACE_HIGH + " BIGINT NOT NULL",
          TRACE_LOW + " BIGINT NOT NULL",
          SPAN_ID + " BIGINT NOT NULL",
          PARENT_ID + " BIGINT",
          START + " BIGINT NOT NULL",
          DURATION + " BIGINT NOT NULL",
          NAME + " VARCHAR NOT NULL",
          KIND + " VARCHAR NOT NULL",
          STATUS + " VARCHAR NOT NULL",
          STATUS_MESSAGE + " VARCHAR NOT NULL",
          ORIGIN + " BLOB NOT NULL",
          REST + " BLOB",
          SHAPE + " INTEGER");
}
