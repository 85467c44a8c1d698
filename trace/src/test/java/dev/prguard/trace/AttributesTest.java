package dev.prguard.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AttributesTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 20, Attributes.MAX_SIZE, Attributes.MAX_SIZE + 1, 500})
  void copyOfAnySize_isAsTheMapInItsOrder(int size) {
    Random random = new Random(size);
    Map<String, AttributeValue> map = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      map.put("key." + (i * 7919) % 1000, AttributeValue.of(random.nextLong(3)));
    }

    Map<String, AttributeValue> copy = Attributes.copy(map);

    assertThat(copy).isEqualTo(map).hasSameHashCodeAs(map);
    assertThat(map).isEqualTo(copy);
    assertThat(List.copyOf(copy.entrySet())).isEqualTo(List.copyOf(map.entrySet()));
    assertThat(Attributes.keys(copy)).containsExactlyElementsOf(map.keySet());
    assertThat(copy.values()).containsExactlyElementsOf(map.values());
    map.forEach((key, value) -> assertThat(copy.get(key)).isEqualTo(value));
    assertThat(copy.get("key")).isNull();
    assertThat(copy.containsKey("key")).isFalse();
    List<String> met = new ArrayList<>();
    copy.forEach((key, value) -> met.add(key));
    assertThat(met).containsExactlyElementsOf(map.keySet());
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> copy.put("a", AttributeValue.of(1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100})
  void changesOfTheMapAfterwards_areNotSeen(int size) {
    Map<String, AttributeValue> map = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      map.put("key." + i, AttributeValue.of(i));
    }
    Map<String, AttributeValue> copy = Attributes.copy(map);

    map.put("key.0", AttributeValue.of("other"));

    assertThat(copy).containsEntry("key.0", AttributeValue.of(0L));
  }
}
