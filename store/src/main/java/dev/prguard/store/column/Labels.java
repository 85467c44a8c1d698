package dev.prguard.store.column;

import dev.prguard.trace.AttributeValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The values met of one field that is grouped by, numbered over all tables; null is one of them.
final class Labels {
  private static final int UNKNOWN = -2;

  private final Map<@Nullable AttributeValue, Integer> numbers = new HashMap<>();
  private final List<@Nullable AttributeValue> values = new ArrayList<>();

  @Nullable AttributeValue value(int number) {
    return values.get(number);
  }

  private int number(@Nullable AttributeValue value) {
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
      if (missing < 0) {
        missing = number(null);
      }
      return missing;
    }
  }
}
