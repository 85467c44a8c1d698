package dev.prguard.insight.dashboard;

import dev.prguard.insight.query.Filter;
import java.util.List;
import java.util.Objects;

/// Rows of panels.
///
/// @param uid its name in a Grafana's addresses
/// @param budgets numbers that the reader may set
public record Dashboard(
    String uid,
    String title,
    String description,
    List<Filter> filters,
    List<Setting> budgets,
    List<Row> rows) {
  public Dashboard {
    Objects.requireNonNull(uid, "uid");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(description, "description");
    filters = List.copyOf(filters);
    budgets = List.copyOf(budgets);
    rows = List.copyOf(rows);
  }

  /// Panels side by side under a heading; they wrap after 24 columns.
  public record Row(String title, List<Panel> panels) {
    public Row {
      Objects.requireNonNull(title, "title");
      panels = List.copyOf(panels);
    }
  }

  /// A number that the reader may set.
  public record Setting(String variable, String label, String value) {}

  public List<Panel> panels() {
    return rows.stream().flatMap(row -> row.panels().stream()).toList();
  }
}
