package dev.prguard.store.column;

import dev.prguard.trace.AttributeValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The values met of one field that is grouped by, numbered over all tables; null is one of them.
final class Labels {
  private static final int UNKNOWN = -2;

  private final Map<@Nullable AttributeValue, Integer> numbers = new HashMap<>();
  private final List<@Nullable AttributeValue> values = new ArrayList<>();

  @Nullable AttributeValue value(int number) {
    return values.get(number);
  }

  int number(@Nullable AttributeValue value) {
    Integer number = numbers.get(value);
    if (number == null) {
      number = values.size();
      numbers.put(value, number);
      values.add(value);
    }
    return number;
  }

  /// Reads the labels of one table's rows.
  final class Reader {
    private final Column[] columns;

    /// Of coded columns the codes, and the label of each code.
    private final PackedLongs.@Nullable Cursor[] codes;

    private final int[][] translated;

    private int missing = UNKNOWN;

    Reader(List<Column> list) {
      columns = list.toArray(Column[]::new);
      codes = new PackedLongs.Cursor[columns.length];
      translated = new int[columns.length][];
      for (int i = 0; i < columns.length; i++) {
        if (columns[i] instanceof Column.Coded coded) {
          codes[i] = new PackedLongs.Cursor(coded.codes());
          translated[i] = new int[coded.dictionary().size()];
          Arrays.fill(translated[i], UNKNOWN);
        }
      }
    }

    void enter(int frame, boolean few) {
      for (PackedLongs.Cursor cursor : codes) {
        if (cursor != null) {
          cursor.enter(frame, few);
        }
      }
    }

    /// Whether [#read(int[], int, int[])] can.
    boolean isPlain() {
      return columns.length == 0 || (columns.length == 1 && codes[0] != null);
    }

    /// The labels of rows of the frame that was entered, if not for few.
    ///
    /// @param places in the frame
    void read(int[] places, int length, int[] into) {
      if (columns.length == 0) {
        Arrays.fill(into, 0, length, missing());
        return;
      }
      long[] values = Objects.requireNonNull(codes[0]).values();
      int[] labelOf = translated[0];
      for (int i = 0; i < length; i++) {
        int code = (int) values[places[i]];
        int label = code < 0 ? UNKNOWN : labelOf[code];
        into[i] = label >= 0 ? label : label(0, code);
      }
    }

    /// The label of a code that was not met yet, or has no value.
    private int label(int column, int code) {
      AttributeValue value =
          code >= 0 && columns[column] instanceof Column.Coded coded
              ? coded.dictionary().get(code)
              : null;
      if (value == null) {
        return missing();
      }
      int label = number(value);
      translated[column][code] = label;
      return label;
    }

    private int missing() {
      if (missing < 0) {
        missing = number(null);
      }
      return missing;
    }

    /// The label of a row, by its number.
    int read(int row) {
      for (int i = 0; i < columns.length; i++) {
        int label = UNKNOWN;
        PackedLongs.Cursor cursor = codes[i];
        if (cursor != null && columns[i] instanceof Column.Coded coded) {
          int code = (int) cursor.get(row);
          if (code >= 0) {
            label = translated[i][code];
            if (label == UNKNOWN) {
              // Only labels that are met are numbered. Codes without a value are asked for anew.
              AttributeValue value = coded.dictionary().get(code);
              if (value != null) {
                label = number(value);
                translated[i][code] = label;
              }
            }
          }
        } else {
          AttributeValue value = columns[i].value(row);
          label = value == null ? UNKNOWN : number(value);
        }
        if (label >= 0) {
          return label;
        }
      }
      return missing();
    }
  }
}
