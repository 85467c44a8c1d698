package dev.prguard.insight.report;

import dev.prguard.insight.report.CostReport.Day;
import dev.prguard.insight.report.CostReport.Group;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.DateAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.labels.CategoryItemLabelGenerator;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.StackedXYBarRenderer;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.time.SimpleTimePeriod;
import org.jfree.data.time.TimeTableXYDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/// The charts of a report. Days stand at UTC midnights of the axis, whatever the report's zone, so
/// that each is as wide as the others.
final class Charts {
  static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

  /// More models than this are one group.
  static final int MODELS = Palette.SERIES.size();

  private static final int WIDE_LABELS = 16;
  private static final int HALF_LABELS = 8;
  private static final TimeZone AXIS = TimeZone.getTimeZone("UTC");
  private static final BasicStroke DASHED =
      new BasicStroke(
          1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10f, new float[] {6f, 4f}, 0f);

  private final CostReport report;
  private final TimeBuckets buckets;
  private final List<String> models;

  Charts(CostReport report) {
    this.report = report;
    ReportPeriod period = report.request().period();
    this.buckets = TimeBuckets.of(period.length());
    this.models =
        report.models().stream()
            .filter(model -> model.tally().nanoUsd() > 0)
            .map(Group::name)
            .toList();
  }

  /// `USD a day`, or what a bar is.
  String bucketName() {
    return buckets.title();
  }

  /// Stacked by model, with the days to come as they are expected, and the budget's share of a day.
  JFreeChart costByDay() {
    TimeTableXYDataset bars = new TimeTableXYDataset(AXIS, Locale.ROOT);
    boolean rest = models.size() > MODELS;
    List<String> shown = rest ? models.subList(0, MODELS - 1) : models;
    List<Color> colours = new ArrayList<>(Palette.SERIES.subList(0, shown.size()));
    for (String model : shown) {
      series(bars, name(model), day -> day.byModel().getOrDefault(model, 0L) / 1e9);
    }
    if (rest) {
      series(
          bars,
          (models.size() - shown.size()) + " other models",
          day -> {
            long known = shown.stream().mapToLong(m -> day.byModel().getOrDefault(m, 0L)).sum();
            return (day.tally().nanoUsd() - known) / 1e9;
          });
      colours.add(Palette.REST);
    }
    if (models.isEmpty()) {
      series(bars, "cost", day -> 0);
      colours.add(Palette.SERIES.getFirst());
    }
    Forecast forecast = report.forecast();
    if (forecast != null) {
      Map<LocalDate, Double> expected = new TreeMap<>();
      forecast
          .byDay()
          .forEach(
              (day, nanoUsd) -> expected.merge(buckets.start(day), nanoUsd / 1e9, Double::sum));
      add(bars, "expected", expected);
      colours.add(faded(Palette.REST));
    }
    XYPlot plot = timePlot(bars, colours, "USD a " + buckets.title(), WIDE_LABELS);
    CostReport.BudgetStatus budget = report.budget();
    if (budget != null && buckets == TimeBuckets.DAY) {
      double share = budget.limitNanoUsd() / 1e9 / report.request().period().length();
      marker(plot, share, "budget, a day's share");
    }
    return chart(plot);
  }

  /// The sum so far against the budget, and where it is expected to go.
  JFreeChart costSoFar() {
    XYSeries spent = new XYSeries("spent");
    XYSeries expected = new XYSeries("expected");
    LocalDate first = report.request().period().first();
    long sum = 0;
    spent.add(millis(first), 0);
    Forecast forecast = report.forecast();
    LocalDate today = forecast == null ? LocalDate.MAX : forecast.byDay().firstKey();
    for (Day day : report.days()) {
      sum += day.tally().nanoUsd();
      if (!day.date().isAfter(today)) {
        spent.add(millis(day.date().plusDays(1)), sum / 1e9);
      }
    }
    XYSeriesCollection lines = new XYSeriesCollection(spent);
    if (forecast != null) {
      expected.add(millis(today.plusDays(1)), sum / 1e9);
      for (Map.Entry<LocalDate, Long> day : forecast.byDay().entrySet()) {
        sum += day.getValue();
        expected.addOrUpdate(millis(day.getKey().plusDays(1)), sum / 1e9);
      }
      lines.addSeries(expected);
    }
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
    Color blue = Palette.SERIES.getFirst();
    renderer.setSeriesPaint(0, blue);
    renderer.setSeriesStroke(
        0, new BasicStroke(2.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    renderer.setSeriesPaint(1, blue);
    renderer.setSeriesStroke(1, DASHED);
    XYPlot plot =
        new XYPlot(lines, dateAxis(HALF_LABELS), valueAxis("USD since the first day"), renderer);
    plot.setFixedLegendItems(
        legend(List.of("spent", "expected"), List.of(blue, faded(blue)), lines.getSeriesCount()));
    CostReport.BudgetStatus budget = report.budget();
    if (budget != null) {
      marker(plot, budget.limitNanoUsd() / 1e9, "budget");
    }
    return chart(plot);
  }

  /// How many models cost something.
  int modelCount() {
    return models.size();
  }

  /// @param most bars, the last for the others
  JFreeChart costByOperation(int most) {
    return bars(report.operations(), "operation", most);
  }

  /// @param most bars, the last for the others
  JFreeChart costByModel(int most) {
    return bars(
        report.models().stream().filter(model -> model.tally().nanoUsd() > 0).toList(),
        "model",
        most);
  }

  JFreeChart tokens() {
    long most = 0;
    for (Day day : report.days()) {
      most = Math.max(most, day.tally().tokens());
    }
    double unit = most >= 2_000_000 ? 1e6 : most >= 2_000 ? 1e3 : 1;
    String unitName =
        most >= 2_000_000 ? "million tokens" : most >= 2_000 ? "thousand tokens" : "tokens";
    TimeTableXYDataset bars = new TimeTableXYDataset(AXIS, Locale.ROOT);
    series(bars, "prompt", day -> (day.tally().promptTokens() - day.tally().cachedTokens()) / unit);
    series(bars, "prompt, cached", day -> day.tally().cachedTokens() / unit);
    series(bars, "completion", day -> day.tally().completionTokens() / unit);
    List<Color> colours =
        List.of(Palette.SERIES.get(0), Palette.SERIES.get(3), Palette.SERIES.get(1));
    return chart(timePlot(bars, colours, unitName + " a " + buckets.title(), HALF_LABELS));
  }

  private interface DayValue {
    double of(Day day);
  }

  private void series(TimeTableXYDataset bars, String name, DayValue value) {
    Map<LocalDate, Double> sums = new TreeMap<>();
    for (Day day : report.days()) {
      sums.merge(buckets.start(day.date()), value.of(day), Double::sum);
    }
    add(bars, name, sums);
  }

  private void add(TimeTableXYDataset bars, String name, Map<LocalDate, Double> values) {
    values.forEach((start, value) ->
        bars.add(
            new SimpleTimePeriod((long) millis(start), (long) millis(buckets.next(start))),
            value,
            name,
            false));
  }

  private XYPlot timePlot(TimeTableXYDataset bars, List<Color> colours, String unit, int labels) {
    StackedXYBarRenderer renderer =
        new StackedXYBarRenderer(report.request().period().length() == 1 ? 0.8 : 0.15);
    renderer.setBarPainter(new StandardXYBarPainter());
    renderer.setShadowVisible(false);
    renderer.setDrawBarOutline(false);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < bars.getSeriesCount(); i++) {
      renderer.setSeriesPaint(i, colours.get(i));
      names.add(String.valueOf(bars.getSeriesKey(i)));
    }
    XYPlot plot = new XYPlot(bars, dateAxis(labels), valueAxis(unit), renderer);
    plot.setFixedLegendItems(legend(names, colours, names.size()));
    return plot;
  }

  private JFreeChart bars(List<Group> groups, String what, int most) {
    boolean rest = groups.size() > most;
    List<Group> shown = rest ? groups.subList(0, most - 1) : groups;
    List<Long> amounts = new ArrayList<>(shown.stream().map(g -> g.tally().nanoUsd()).toList());
    List<String> names = new ArrayList<>(shown.stream().map(g -> name(g.name())).toList());
    if (rest) {
      List<Group> others = groups.subList(shown.size(), groups.size());
      names.add(others.size() + " other " + what + "s");
      amounts.add(others.stream().mapToLong(g -> g.tally().nanoUsd()).sum());
    }
    List<String> labels = Usd.forTotal(report.summary().tally().nanoUsd()).column(amounts);
    DefaultCategoryDataset bars = new DefaultCategoryDataset();
    for (int i = 0; i < names.size(); i++) {
      bars.addValue(amounts.get(i) / 1e9, "cost", names.get(i));
    }
    CategoryAxis categories = new CategoryAxis();
    categories.setTickLabelFont(FONT);
    categories.setTickLabelPaint(Palette.INK);
    categories.setAxisLinePaint(Palette.GRID);
    categories.setTickMarksVisible(false);
    categories.setMaximumCategoryLabelWidthRatio(0.4f);
    categories.setLowerMargin(0.02);
    categories.setUpperMargin(0.02);
    NumberAxis values = valueAxis("USD");
    // Room for the amount behind the longest bar.
    values.setUpperMargin(0.22);
    BarRenderer renderer = new BarRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setSeriesPaint(0, Palette.SERIES.getFirst());
    renderer.setMaximumBarWidth(0.12);
    renderer.setDefaultItemLabelGenerator(new Labels(labels));
    renderer.setDefaultItemLabelsVisible(true);
    renderer.setDefaultItemLabelFont(FONT);
    renderer.setDefaultItemLabelPaint(Palette.INK);
    ItemLabelPosition behind =
        new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT);
    renderer.setDefaultPositiveItemLabelPosition(behind);
    renderer.setDefaultNegativeItemLabelPosition(behind);
    CategoryPlot plot = new CategoryPlot(bars, categories, values, renderer);
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
    plot.setRangeGridlinePaint(Palette.GRID);
    plot.setFixedLegendItems(new LegendItemCollection());
    return chart(plot);
  }

  private static JFreeChart chart(Plot plot) {
    plot.setBackgroundPaint(null);
    plot.setOutlineVisible(false);
    plot.setInsets(new RectangleInsets(6, 4, 2, 26));
    plot.setNoDataMessage("nothing in this period");
    plot.setNoDataMessageFont(FONT);
    plot.setNoDataMessagePaint(Palette.FAINT);
    boolean named = plot.getLegendItems().getItemCount() > 0;
    JFreeChart chart = new JFreeChart(null, FONT, plot, named);
    chart.setBackgroundPaint(null);
    chart.setPadding(new RectangleInsets(0, 0, 0, 0));
    if (named) {
      chart.getLegend().setBackgroundPaint(null);
      chart.getLegend().setItemFont(FONT);
      chart.getLegend().setItemPaint(Palette.INK);
      chart.getLegend().setFrame(BlockBorder.NONE);
    }
    if (plot instanceof XYPlot xy) {
      xy.setRangeGridlinePaint(Palette.GRID);
      xy.setRangeGridlineStroke(new BasicStroke(0.8f));
      xy.setDomainGridlinesVisible(false);
      xy.setAxisOffset(RectangleInsets.ZERO_INSETS);
    }
    return chart;
  }

  /// @param labels about how many there is room for
  private DateAxis dateAxis(int labels) {
    DateAxis axis = new DateAxis(null, AXIS, Locale.ROOT);
    ReportPeriod period = report.request().period();
    LocalDate from = buckets.start(period.first());
    LocalDate to = buckets.next(buckets.start(period.last()));
    axis.setRange(millis(from), millis(to));
    axis.setTickUnit(buckets.tick(period.length(), labels));
    axis.setTickMarkPosition(buckets.tickPosition());
    style(axis);
    return axis;
  }

  private static NumberAxis valueAxis(String unit) {
    NumberAxis axis = new NumberAxis(unit);
    axis.setAutoRangeIncludesZero(true);
    axis.setLowerMargin(0);
    axis.setAutoRangeMinimumSize(1e-6);
    axis.setAxisLineVisible(false);
    style(axis);
    return axis;
  }

  private static void style(ValueAxis axis) {
    axis.setTickLabelFont(FONT);
    axis.setTickLabelPaint(Palette.FAINT);
    axis.setLabelFont(FONT);
    axis.setLabelPaint(Palette.FAINT);
    axis.setAxisLinePaint(Palette.GRID);
    axis.setTickMarkPaint(Palette.GRID);
  }

  /// A limit must be seen, so the axis is made long enough for it.
  private static void marker(XYPlot plot, double usd, String label) {
    ValueMarker marker = new ValueMarker(usd, Palette.LIMIT, DASHED);
    marker.setLabel(label);
    marker.setLabelFont(FONT);
    marker.setLabelPaint(Palette.LIMIT);
    marker.setLabelBackgroundColor(new Color(0, 0, 0, 0));
    marker.setLabelAnchor(RectangleAnchor.TOP_LEFT);
    marker.setLabelTextAnchor(TextAnchor.BOTTOM_LEFT);
    plot.addRangeMarker(marker);
    ValueAxis axis = plot.getRangeAxis();
    if (axis.getUpperBound() < usd * 1.12) {
      axis.setRange(0, usd * 1.12);
    }
  }

  private static LegendItemCollection legend(List<String> names, List<Color> colours, int count) {
    LegendItemCollection items = new LegendItemCollection();
    for (int i = 0; i < count; i++) {
      LegendItem item =
          new LegendItem(
              names.get(i),
              null,
              null,
              null,
              new Rectangle2D.Double(-5, -5, 10, 10),
              colours.get(i));
      item.setOutlinePaint(colours.get(i));
      items.add(item);
    }
    return items;
  }

  private static Color faded(Color colour) {
    return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 110);
  }

  /// Names come from spans and may be very long.
  private static String name(String name) {
    String text = name.isEmpty() ? "(not named)" : name;
    return Markup.plain(text.length() <= 40 ? text : text.substring(0, 39) + "…");
  }

  private static double millis(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  /// The amounts as the tables print them.
  private record Labels(List<String> labels) implements CategoryItemLabelGenerator {
    @Override
    public String generateRowLabel(CategoryDataset data, int row) {
      return "";
    }

    @Override
    public String generateColumnLabel(CategoryDataset data, int column) {
      return labels.get(column);
    }

    @Override
    public String generateLabel(CategoryDataset data, int row, int column) {
      return labels.get(column);
    }
  }
}
