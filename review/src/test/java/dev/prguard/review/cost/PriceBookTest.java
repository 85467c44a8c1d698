package dev.prguard.review.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceBookTest {
  private static final Instant AUTUMN = Instant.parse("2026-11-20T12:00:00Z");
  private static final PriceBook BOOK = PriceBook.bundled();

  @TempDir Path folder;

  private static Cost cost(String provider, String model, TokenUsage usage, Instant at) {
    return BOOK.price(provider, model, usage, at).cost();
  }

  private static Cost cost(String provider, String model, TokenUsage usage) {
    return cost(provider, model, usage, AUTUMN);
  }

  @Test
  void price_isExactAndNamesItsEntry() {
    // The Python original took prices for 1,000 tokens as prices for one: 1000 times too much.
    assertThat(BOOK.price("openai", "gpt-4o-mini", TokenUsage.of(1586, 714), AUTUMN))
        .isEqualTo(new PricedCall(Cost.ofNanoUsd(666_300), "gpt-4o-mini@2026-08-21", 0));
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-4o-mini-2024-07-18, 150000000",
    "azure, gpt-4o-mini-2024-07-18, 150000000",
    "azure.ai.openai, gpt-4o-mini, 150000000",
    "anthropic, claude-haiku-4-5-20251001, 1000000000",
    "gcp.gemini, gemini-2.5-flash-001, 300000000",
    // A snapshot with a price of its own is not its alias.
    "openai, gpt-4o-2024-05-13, 5000000000",
    "openai, gpt-4o-2024-08-06, 2500000000",
  })
  void price_knowsDatedSnapshots(String provider, String model, long nanoUsd) {
    assertThat(cost(provider, model, TokenUsage.of(1_000_000, 0)))
        .isEqualTo(Cost.ofNanoUsd(nanoUsd));
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-4o-mini-audio-preview",
    "openai, gpt-4o-mini-2",
    "openai, gpt-4",
    "openai, ft:gpt-4o-mini:acme::1",
    "openai, claude-haiku-4-5",
    "anthropic, claude-sonnet-4-5-latest",
    "ollama, llama3",
    "nobody, gpt-4o-mini",
  })
  void price_isUnknownNeverZeroForAnUnlistedModel(String provider, String model) {
    assertThat(BOOK.price(provider, model, TokenUsage.of(10, 10), AUTUMN))
        .isEqualTo(new PricedCall(Cost.unknown(), null, 0));
    assertThat(BOOK.worstCaseNanoUsd(provider, model, 10, 10, AUTUMN)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"199999, 599997000", "200000, 600000000", "200001, 1200006000"})
  void price_takesTheUpperTierForTheWholeRequest(long prompt, long nanoUsd) {
    assertThat(cost("anthropic", "claude-sonnet-4-5", TokenUsage.of(prompt, 0)))
        .isEqualTo(Cost.ofNanoUsd(nanoUsd));
  }

  @Test
  void price_raisesCachedTokensWithTheTier() {
    TokenUsage cached = new TokenUsage(200_001, 1, 200_000, 1, 0, 0);
    // Reads at 0.6, the write at 7.5, the output at 22.5 USD per million.
    assertThat(cost("anthropic", "claude-sonnet-4-5", cached))
        .isEqualTo(Cost.ofNanoUsd(200_000L * 600 + 7_500 + 22_500));
  }

  @Test
  void price_countsEachClassOfTokensOnce() {
    TokenUsage usage = new TokenUsage(1000, 100, 400, 200, 100, 50);
    assertThat(cost("anthropic", "claude-haiku-4-5", usage))
        .isEqualTo(Cost.ofNanoUsd(300 * 1000 + 400 * 100 + 200 * 1250 + 100 * 2000 + 100 * 5000));
  }

  @Test
  void price_tellsWhatTheCacheSavedAndWhatItsWritesCostMore() {
    // Reads at 0.1 of the input's price, writes for 5 minutes at 1.25, for an hour at 2.
    assertThat(saved("anthropic", "claude-haiku-4-5", new TokenUsage(1000, 100, 400, 0, 0, 50)))
        .isEqualTo(400 * 900);
    assertThat(saved("anthropic", "claude-haiku-4-5", new TokenUsage(1000, 100, 0, 200, 100, 0)))
        .isEqualTo(-200 * 250 - 100 * 1000);
    assertThat(saved("openai", "gpt-4o-mini", TokenUsage.of(1000, 100))).isZero();
    assertThat(saved("ollama", "llama3", new TokenUsage(1000, 100, 400, 0, 0, 0))).isZero();
  }

  private static long saved(String provider, String model, TokenUsage usage) {
    return BOOK.price(provider, model, usage, AUTUMN).cacheSavedNanoUsd();
  }

  @Test
  void price_billsCachedTokensAsInputWhenTheirPriceIsNotListed() {
    assertThat(cost("mistral", "mistral-large-3", new TokenUsage(10, 0, 5, 2, 1, 0)))
        .isEqualTo(Cost.ofNanoUsd(5_000));
  }

  @Test
  void price_roundsHalfANanoUpOncePerCall() {
    // 0.0825 USD per million is 82.5 nano a token.
    assertThat(cost("bedrock", "us.amazon.nova-2-lite-v1:0", new TokenUsage(1, 0, 1, 0, 0, 0)))
        .isEqualTo(Cost.ofNanoUsd(83));
    assertThat(cost("bedrock", "us.amazon.nova-2-lite-v1:0", new TokenUsage(3, 0, 3, 0, 0, 0)))
        .isEqualTo(Cost.ofNanoUsd(248));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-07-15T00:00:00Z, 5000, gpt-5.6-sol@2026-08-20",
    "2026-08-20T23:59:59Z, 5000, gpt-5.6-sol@2026-08-20",
    "2026-08-21T00:00:00Z, 4000, gpt-5.6-sol@2026-08-21",
  })
  void price_isThatOfTheDayOfTheCall(Instant at, long nanoUsd, String priceId) {
    assertThat(BOOK.price("openai", "gpt-5.6-sol", TokenUsage.of(1, 0), at))
        .isEqualTo(new PricedCall(Cost.ofNanoUsd(nanoUsd), priceId, 0));
  }

  @Test
  void worstCase_isNeverBelowWhatACallCosts() {
    long worst = BOOK.worstCaseNanoUsd("anthropic", "claude-haiku-4-5", 1000, 50, AUTUMN).orElse(0);
    assertThat(cost("anthropic", "claude-haiku-4-5", new TokenUsage(1000, 50, 0, 1000, 0, 0)))
        .isEqualTo(Cost.ofNanoUsd(worst));
  }

  @Test
  void with_replacesAModelAndMaySayThatItIsFree() throws IOException {
    PriceBook own =
        load(
            """
            {"prices": [
              {"provider": "ollama", "model": "llama3", "from": "2026-01-01", "input": 0, "output": 0},
              {"provider": "openai", "model": "gpt-5.6-sol", "as_of": "2026-01-01", "input": 1, "output": 2}]}
            """);
    PriceBook book = BOOK.with(own);
    assertThat(book.price("ollama", "llama3", TokenUsage.of(10, 10), AUTUMN).cost())
        .isEqualTo(Cost.zero());
    assertThat(book.price("ollama", "llama3", TokenUsage.of(1, 1), Instant.EPOCH).cost())
        .isEqualTo(Cost.unknown());
    assertThat(book.price("openai", "gpt-5.6-sol", TokenUsage.of(1, 1), AUTUMN).cost())
        .isEqualTo(Cost.ofNanoUsd(3000));
    assertThat(book.price("openai", "gpt-4o", TokenUsage.of(1, 0), AUTUMN).cost())
        .isEqualTo(Cost.ofNanoUsd(2500));
  }

  @Test
  void load_readsTheFileOfLiteLlm() throws IOException {
    PriceBook book =
        load(
            """
            {"sample_spec": {"input_cost_per_token": 0, "output_cost_per_token": 0, "litellm_provider": "one of ..."},
             "gemini/gemini-9": {"litellm_provider": "gemini", "mode": "chat", "input_cost_per_token": 1.25e-06,
               "output_cost_per_token": 1e-05, "cache_read_input_token_cost": 1.25e-07,
               "input_cost_per_token_above_200k_tokens": 2.5e-06, "output_cost_per_token_above_200k_tokens": 1.5e-05,
               "supports_vision": true, "search_context_cost_per_query": {"low": 0.03}},
             "some/image": {"litellm_provider": "x", "output_cost_per_image": 0.04}}
            """);
    assertThat(book.models()).containsExactly("gemini/gemini-9");
    assertThat(
            book.price("gemini", "gemini-9", new TokenUsage(100, 10, 50, 0, 0, 0), AUTUMN).cost())
        .isEqualTo(Cost.ofNanoUsd(50 * 1250 + 50 * 125 + 10 * 10_000));
    assertThat(book.worstCaseNanoUsd("gemini", "gemini-9", 200_001, 1, AUTUMN))
        .isEqualTo(OptionalLong.of(200_001L * 2500 + 15_000));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"prices\": [{]}| :1:14: not JSON",
        "[1]| :1:1: expected a JSON object",
        "{}| : no price in it",
        "{\"prices\": [7]}| :1:13: expected a price object",
        "{\"prices\": [{\"provider\":\"p\",\"model\":\"m\",\"input\":1,\"output\":1}]}| :1:13: a price needs \"from\"",
        "{\"prices\": [{\"provider\":\"p\",\"model\":\"m\",\"from\":\"soon\",\"input\":1,\"output\":1}]}| from: soon (expected: yyyy-mm-dd)",
        "{\"prices\": [{\"provider\":\"p\",\"model\":\"m\",\"from\":\"2026-01-01\",\"output\":1}]}| a price needs \"input\"",
        "{\"prices\": [{\"provider\":\"p\",\"model\":\"m\",\"from\":\"2026-01-01\",\"input\":1,\"output\":1,\"cache_reed\":1}]}| :1:95: unknown field \"cache_reed\"",
        "{\"prices\": [{\"provider\":\"p\",\"model\":\"m\",\"from\":\"2026-01-01\",\"input\":1,\"output\":1,\"tiers\":[{\"above_tokens\":0.5}]}]}| above_tokens: 0.5 (expected: a whole number",
        "{\"a\": {\"litellm_provider\":\"p\",\"input_cost_per_token\":-1,\"output_cost_per_token\":1}}| input_cost_per_token: -1",
        "{\"a\": {\"litellm_provider\":\"p\",\"input_cost_per_token\":1e999999999,\"output_cost_per_token\":1}}| input_cost_per_token: 1e999999999",
      })
  void load_saysWhereAFileIsWrong(String text, String message) {
    assertThatThrownBy(() -> load(text))
        .isInstanceOf(PriceFileException.class)
        .hasMessageContaining("prices.json" + (message.startsWith(":") ? message : ""))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{\"prices\": [", "\0\0\0"})
  void load_refusesWhatIsNoPriceFile(String text) {
    assertThatThrownBy(() -> load(text)).isInstanceOf(PriceFileException.class);
  }

  @Test
  void load_saysThatAFileIsMissing() {
    assertThatThrownBy(() -> PriceBook.load(folder.resolve("none.json")))
        .isInstanceOf(PriceFileException.class)
        .hasMessageContaining("none.json: cannot be read");
  }

  @Test
  void load_readsEveryClassTierAndBatchOfLiteLlm() throws IOException {
    PriceBook book =
        load(
            """
            {"m": {"litellm_provider": "p", "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06,
               "cache_read_input_token_cost": 2e-07, "cache_creation_input_token_cost": 2.5e-06,
               "cache_creation_input_token_cost_above_1hr": 5e-06, "output_cost_per_reasoning_token": 9e-06,
               "input_cost_per_token_batches": 1e-06, "output_cost_per_token_batches": 4e-06,
               "input_cost_per_token_above_200k_tokens": 4e-06, "output_cost_per_token_above_200k_tokens": 1.2e-05,
               "cache_read_input_token_cost_above_200k_tokens": 3e-07,
               "input_cost_per_token_above_400k_tokens": 6e-06},
             "m-latest": {"litellm_provider": "p", "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06}}
            """);
    assertThat(book.models()).containsExactly("p/m");
    TokenUsage all = new TokenUsage(100, 50, 40, 20, 10, 30);
    assertThat(book.price("p", "m", all, AUTUMN).cost())
        .isEqualTo(
            Cost.ofNanoUsd(30 * 2000 + 40 * 200 + 20 * 2500 + 10 * 5000 + 20 * 8000 + 30 * 9000));
    assertThat(book.price("p", "m", TokenUsage.of(100, 10), ServiceTier.BATCH, AUTUMN).cost())
        .isEqualTo(Cost.ofNanoUsd(100 * 1000 + 10 * 4000));
    TokenUsage over200 = new TokenUsage(200_001, 1, 200_000, 1, 0, 0);
    // The read is listed, the write follows the input.
    assertThat(book.price("p", "m", over200, AUTUMN).cost())
        .isEqualTo(Cost.ofNanoUsd(200_000L * 300 + 5000 + 12_000));
    assertThat(book.price("p", "m", over200, ServiceTier.BATCH, AUTUMN).cost())
        .isEqualTo(Cost.unknown());
    assertThat(book.price("p", "m", TokenUsage.of(400_001, 1), AUTUMN).cost())
        .isEqualTo(Cost.ofNanoUsd(400_001L * 6000 + 8_000));
  }

  @Test
  void write_givesAFileThatIsReadTheSame() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PriceFileWriter.write(BOOK.entries(), bytes);
    PriceBook again = load(bytes.toString(StandardCharsets.UTF_8));
    assertThat(again.entries()).hasSameSizeAs(BOOK.entries());
    for (int i = 0; i < BOOK.entries().size(); i++) {
      Price price = BOOK.entries().get(i);
      assertThat(again.entries().get(i))
          .usingRecursiveComparison()
          .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
          .isEqualTo(price);
    }
  }

  @Test
  void entries_findAModelByNameOrDatedAlias_andNearOnes() {
    assertThat(BOOK.entries("gpt-5.6-sol")).hasSize(2);
    assertThat(BOOK.entries("OpenAI/GPT-4o-mini")).hasSize(1);
    assertThat(BOOK.entries("openai/gpt-4o-mini-2024-07-18"))
        .extracting(Price::model)
        .containsExactly("gpt-4o-mini");
    assertThat(BOOK.entries("gpt-4o-")).isEmpty();
    assertThat(BOOK.near("gpt-4o-minni")).first().isEqualTo("openai/gpt-4o-mini");
    assertThat(BOOK.near("haiku")).contains("anthropic/claude-haiku-4-5");
    assertThat(BOOK.near("zzzzzzzz")).isEmpty();
  }

  private PriceBook load(String text) throws IOException {
    return PriceBook.load(Files.writeString(folder.resolve("prices.json"), text));
  }
}
