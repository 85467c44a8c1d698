package dev.prguard.review.rules.flow;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// Settings that a program loads from a file of its own.
final class PropertyFiles {

  private static final String MARK = "resource:";
  private static final int MAX_ENTRIES = 60;

  private final Evaluator all;

  PropertyFiles(Evaluator all) {
    this.all = all;
  }

  /// `getResourceAsStream(name)` and `load(stream)`; null for another call.
  @Nullable Value call(CallSite site) {
    List<Value> args = site.args();
    if (args.size() != 1) {
      return null;
    }
    String name = args.getFirst().text();
    if (site.method().equals("getResourceAsStream") && name != null) {
      return Value.named(MARK + name);
    }
    if (site.method().equals("load") && args.getFirst().name().startsWith(MARK)) {
      load(site.receiver(), args.getFirst().name().substring(MARK.length()));
      return Value.UNKNOWN;
    }
    return null;
  }

  private void load(Value holder, String name) {
    Shape shape = all.env().shape(holder.shape());
    String text = all.resources.text(name).orElse(null);
    if (shape == null || text == null) {
      return;
    }
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException | IllegalArgumentException e) {
      return; // Not such a file: its values stay unknown.
    }
    for (String key : properties.stringPropertyNames()) {
      if (shape.entries().size() < MAX_ENTRIES) {
        shape = shape.with(key, Value.constant(properties.getProperty(key)));
      }
    }
    all.env().shape(holder.shape(), shape);
  }
}
