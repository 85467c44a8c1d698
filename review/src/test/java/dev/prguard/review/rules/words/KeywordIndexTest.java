package dev.prguard.review.rules.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeywordIndexTest {

  @Test
  void owners_areThoseWhoseKeywordIsInTheText() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<List<String>> keywords = new ArrayList<>();
      for (int owner = 0; owner < 12; owner++) {
        List<String> words = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
          words.add(word(random, "ab_", 1 + random.nextInt(4)));
        }
        keywords.add(words);
      }
      String text = word(random, "aAbB_\u00e9 ", random.nextInt(30));
      int[] expected =
          IntStream.range(0, keywords.size())
              .filter(o -> keywords.get(o).stream().anyMatch(contained(text)))
              .toArray();

      assertThat(new KeywordIndex(keywords).owners(text))
          .as("seed %d, %s in '%s'", seed, keywords, text)
          .isEqualTo(expected);
    }
  }

  private static java.util.function.Predicate<String> contained(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower::contains;
  }

  private static String word(Random random, String alphabet, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return word.toString();
  }
}
