package dev.prguard.review.patch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.prguard.review.syntax.DeadlineException;
import dev.prguard.review.syntax.ParsedLanguage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads JSON and YAML as a stream of events: nothing is built, so aliases that would grow without
/// bound never do.
final class DataText {

  private static final JsonFactory JSON = new JsonFactory();

  private DataText() {}

  /// The events in order, free of layout; two texts with equal events hold the same data. Empty
  /// when the text does not parse.
  ///
  /// @param giveUp when to stop, by [System#nanoTime()]
  /// @throws DeadlineException past it
  static Optional<List<String>> events(ParsedLanguage language, byte[] content, long giveUp) {
    return language == ParsedLanguage.JSON ? json(content, giveUp) : yaml(content, giveUp);
  }

  private static Optional<List<String>> json(byte[] content, long giveUp) {
    List<String> events = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(content)) {
      int depth = 0;
      int documents = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        DeadlineException.check(giveUp);
        if (depth == 0 && ++documents > 1) {
          return Optional.empty();
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        events.add(token + " " + parser.getText());
      }
      return documents == 1 ? Optional.of(events) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<List<String>> yaml(byte[] content, long giveUp) {
    List<String> events = new ArrayList<>();
    LoadSettings settings =
        LoadSettings.builder().setUseMarks(false).setParseComments(false).build();
    try {
      String text = new String(content, StandardCharsets.UTF_8);
      for (Event event : new Parse(settings).parseString(text)) {
        DeadlineException.check(giveUp);
        events.add(event.toString());
      }
      return Optional.of(events);
    } catch (YamlEngineException e) {
      return Optional.empty();
    }
  }
}
