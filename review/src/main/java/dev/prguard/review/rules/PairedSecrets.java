package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.rules.YamlSecrets.Place;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Secrets whose name stands on a line before: `<name>db.password</name>` and `<value>` of Hadoop,
/// `<key>` and `<string>` of a property list, a variable of Terraform and its default.
final class PairedSecrets {

  private static final Pattern TAG_NAME =
      Pattern.compile("<(?:name|key)>\\s*([\\w.\\-]{1,200})\\s*</(?:name|key)>");
  private static final Pattern TAG_VALUE =
      Pattern.compile("<(?:value|string)>\\s*([^<]{1,500}?)\\s*</(?:value|string)>");
  private static final Pattern VARIABLE =
      Pattern.compile("\\bvariable\\s+\"([\\w\\-]{1,200})\"\\s*\\{");
  private static final Pattern DEFAULT = Pattern.compile("\\bdefault\\s*=\\s*\"([^\"$]{1,500})\"");

  /// Lines of a variable up to its default.
  private static final int MAX_DISTANCE = 8;

  private PairedSecrets() {}

  /// Whether a line may be such a value.
  static boolean mayBeIn(String line) {
    return line.contains("<value>") || line.contains("<string>") || line.contains("default");
  }

  /// By line, from 0.
  static Map<Integer, Place> find(List<String> lines) {
    Map<Integer, Place> places = new TreeMap<>();
    String variable = "";
    int since = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.length() > 4_000) {
        continue;
      }
      Matcher declared = VARIABLE.matcher(line);
      if (line.contains("variable") && declared.find()) {
        variable = String.valueOf(declared.group(1));
        since = i;
      } else if (line.strip().equals("}") || i - since > MAX_DISTANCE) {
        variable = "";
      }
      Place place = null;
      if (!variable.isEmpty() && line.contains("default")) {
        place = place(DEFAULT, line, variable);
      } else if (line.contains("<value>") || line.contains("<string>")) {
        String name = named(line);
        name = name.isEmpty() && i > 0 ? named(lines.get(i - 1)) : name;
        place = name.isEmpty() ? null : place(TAG_VALUE, line, name);
      }
      if (place != null) {
        places.put(i, place);
      }
    }
    return places;
  }

  private static String named(String line) {
    Matcher name = TAG_NAME.matcher(line);
    return line.length() <= 4_000 && name.find() ? String.valueOf(name.group(1)) : "";
  }

  private static @Nullable Place place(Pattern pattern, String line, String name) {
    Matcher value = pattern.matcher(line);
    return value.find() && YamlSecrets.isSecretOf(name, String.valueOf(value.group(1)))
        ? new Place(value.start(1), value.end(1), false, true)
        : null;
  }
}
