package dev.prguard.review.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.PriceBook;
import dev.prguard.review.cost.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// From what a provider says of its tokens to money: each provider counts otherwise.
class BilledTokensTest {
  private static final Instant AUTUMN = Instant.parse("2026-11-20T12:00:00Z");

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // OpenAI counts cached tokens inside the prompt, reasoning inside the completion.
        "OpenAI, cached | OPENAI | gpt-4o-mini | {'usage':{'prompt_tokens':2000,'completion_tokens':100,'prompt_tokens_details':{'cached_tokens':1024}}} | 283200",
        "OpenAI, reasoning | OPENAI | o3 | {'usage':{'prompt_tokens':1200,'completion_tokens':3000,'total_tokens':4200,'completion_tokens_details':{'reasoning_tokens':2560}}} | 26400000",
        // xAI counts reasoning beside the completion.
        "xAI, reasoning | OPENAI | o3 | {'usage':{'prompt_tokens':1200,'completion_tokens':440,'total_tokens':4200,'completion_tokens_details':{'reasoning_tokens':2560}}} | 26400000",
        "OpenAI, flex | OPENAI | gpt-4o-mini | {'service_tier':'flex','usage':{'prompt_tokens':1586,'completion_tokens':714}} | 333150",
        "OpenAI, default tier | OPENAI | gpt-4o-mini | {'service_tier':'default','usage':{'prompt_tokens':1586,'completion_tokens':714}} | 666300",
        "OpenAI, priority | OPENAI | gpt-4o-mini | {'service_tier':'priority','usage':{'prompt_tokens':1586,'completion_tokens':714}} | -",
        "OpenAI, Sol's cache writes | OPENAI | gpt-5.6-sol | {'usage':{'prompt_tokens':1000,'completion_tokens':0,'prompt_tokens_details':{'cached_tokens':100,'cache_write_tokens':200}}} | 3840000",
        // Anthropic leaves cached tokens out of input_tokens.
        "Anthropic, read | ANTHROPIC | claude-haiku-4-5 | {'usage':{'input_tokens':1000,'cache_read_input_tokens':10000,'output_tokens':300}} | 3500000",
        "Anthropic, write | ANTHROPIC | claude-haiku-4-5 | {'usage':{'input_tokens':1000,'cache_creation_input_tokens':10000,'output_tokens':300}} | 15000000",
        "Anthropic, write for an hour | ANTHROPIC | claude-haiku-4-5 | {'usage':{'input_tokens':1000,'cache_creation_input_tokens':10000,'cache_creation':{'ephemeral_5m_input_tokens':4000,'ephemeral_1h_input_tokens':6000},'output_tokens':300}} | 19500000",
        "Anthropic, tier by all input | ANTHROPIC | claude-sonnet-4-5 | {'usage':{'input_tokens':1,'cache_read_input_tokens':200000,'output_tokens':100}} | 122256000",
        // Gemini counts thoughts beside the candidates.
        "Gemini, thoughts | GEMINI | gemini-2.5-flash | {'usageMetadata':{'promptTokenCount':1000,'candidatesTokenCount':300,'thoughtsTokenCount':1200}} | 4050000",
        "Gemini, cached | GEMINI | gemini-2.5-flash | {'usageMetadata':{'promptTokenCount':1000,'cachedContentTokenCount':400,'candidatesTokenCount':0}} | 192000",
      })
  void usage_isPricedOnceAClass(
      String why, ModelId.Provider provider, String model, String body, String nanoUsd) {
    RawAnswer raw =
        RawAnswer.of(provider, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    TokenUsage usage = raw.usage();
    if (usage == null) {
      throw new AssertionError(why + ": no usage was read");
    }
    assertThat(PriceBook.bundled().price(provider.word(), model, usage, raw.tier(), AUTUMN).cost())
        .as(why)
        .isEqualTo(nanoUsd.equals("-") ? Cost.unknown() : Cost.ofNanoUsd(Long.parseLong(nanoUsd)));
  }
}
