package dev.prguard.insight.demo;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.ReviewAttributes;
import dev.prguard.trace.SpanRecord;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A synthetic history of reviews: weekday rhythm, several repositories, authors and models,
/// failures, and one day a month on which something went wrong. A day's reviews depend on the seed
/// and the day alone, so that histories of one seed agree where they overlap.
///
/// @param first first day, UTC
/// @param last last day
/// @param reviewsPerWeekday about how many on a usual Wednesday, 1 or more
public record DemoHistory(LocalDate first, LocalDate last, long seed, int reviewsPerWeekday) {
  /// boolean, on the resource: true for spans that were made up.
  public static final String MARK = "pr_guard.demo";

  private static final long DAY_NANOS = 86_400_000_000_000L;
  private static final String OWNER = "acme";

  private static final Map<String, AttributeValue> RESOURCE =
      new TreeMap<>(
          Map.of(
              "service.name",
              AttributeValue.of("secure-pr-guard"),
              "service.namespace",
              AttributeValue.of("pr-automation"),
              "service.version",
              AttributeValue.of("demo"),
              "deployment.environment",
              AttributeValue.of("demo"),
              MARK,
              AttributeValue.of(true)));

  /// @param share of all reviews
  /// @param size of its changes; 1 is usual
  private record Repository(String name, double share, double size, List<String> authors) {}

  private static final List<Repository> REPOSITORIES =
      List.of(
          new Repository("payments-api", 0.34, 1.2, List.of("amara", "björn", "chen", "dita")),
          new Repository(
              "web-shop", 0.30, 0.8, List.of("chen", "emeka", "fatima", "goran", "hana")),
          new Repository("data-pipeline", 0.17, 1.9, List.of("ines", "jonas", "dependabot[bot]")),
          new Repository("mobile-app", 0.12, 1.0, List.of("kofi", "lena")),
          new Repository("infra", 0.07, 0.5, List.of("goran", "mira")));

  /// Spans of the reviews, a list for each review, by day.
  public Stream<List<SpanRecord>> reviews() {
    return first.datesUntil(last.plusDays(1)).flatMap(this::day);
  }

  private Stream<List<SpanRecord>> day(LocalDate day) {
    SplittableRandom random = new SplittableRandom(mix(day.toEpochDay()));
    double usual = reviewsPerWeekday * rhythm(day.getDayOfWeek());
    int count = (int) Math.round(usual * (0.8 + 0.4 * random.nextDouble()));
    long midnight = day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1_000_000_000L;
    long[] starts = new long[count];
    for (int i = 0; i < count; i++) {
      // The sum of three is bell-shaped: most work is done between 8 and 18 o'clock.
      double hour = (random.nextDouble() + random.nextDouble() + random.nextDouble()) * 5 + 5.5;
      long start = midnight + (long) (hour / 24 * DAY_NANOS) + random.nextLong(1_000_000_000L);
      starts[i] = Math.clamp(start, midnight + 1, midnight + DAY_NANOS - 1);
    }
    Arrays.sort(starts);
    boolean bad = day.equals(badDay(YearMonth.from(day)));
    // Each review has a generator of its own: a change to one leaves the others as they are.
    return Arrays.stream(starts).mapToObj(start -> review(random.split(), day, start, bad));
  }

  private List<SpanRecord> review(SplittableRandom random, LocalDate day, long start, boolean bad) {
    // On the bad day a job sends every pull request of one repository to a large model, whole.
    boolean stray = bad && random.nextDouble() < 0.45;
    Repository repository = stray ? REPOSITORIES.get(2) : repository(random.nextDouble());
    double size = repository.size() * Math.exp(0.55 * random.nextGaussian());
    if (stray) {
      size *= 4;
    } else if (random.nextDouble() < 0.004) {
      size *= 12;
    }
    DemoModel model = stray ? DemoModel.LARGE : model(random.nextDouble(), day);
    DemoCase kind = new DemoCase(model, size, outcome(random.nextDouble()));
    return DemoReview.spans(random, RESOURCE, pullRequest(random, repository, day), kind, start);
  }

  /// More and more of the work goes to newer models.
  private static DemoModel model(double draw, LocalDate day) {
    double moved = Math.clamp((day.toEpochDay() % 360) / 360.0, 0.0, 1.0);
    if (draw < 0.012) {
      return DemoModel.IN_HOUSE;
    }
    if (draw < 0.06) {
      return DemoModel.LARGE;
    }
    if (draw < 0.16 + 0.2 * moved) {
      return DemoModel.CAREFUL;
    }
    return draw < 0.30 + 0.4 * moved ? DemoModel.FLASH : DemoModel.SMALL;
  }

  private static DemoCase.Outcome outcome(double draw) {
    if (draw < 0.006) {
      return DemoCase.Outcome.NOT_FETCHED;
    }
    if (draw < 0.016) {
      return DemoCase.Outcome.PARTIAL;
    }
    return draw < 0.031 ? DemoCase.Outcome.FELL_BACK : DemoCase.Outcome.REVIEWED;
  }

  private static Repository repository(double draw) {
    double left = draw;
    for (Repository repository : REPOSITORIES) {
      left -= repository.share();
      if (left < 0) {
        return repository;
      }
    }
    return REPOSITORIES.getFirst();
  }

  private static Map<String, AttributeValue> pullRequest(
      SplittableRandom random, Repository repository, LocalDate day) {
    long number = 1 + day.toEpochDay() % 5000 * 3 + random.nextInt(40);
    String name = OWNER + "/" + repository.name();
    String author = repository.authors().get(random.nextInt(repository.authors().size()));
    HexFormat hex = HexFormat.of();
    String sha =
        hex.toHexDigits(random.nextLong())
            + hex.toHexDigits(random.nextLong())
            + hex.toHexDigits(random.nextInt());
    Map<String, AttributeValue> pullRequest = new TreeMap<>();
    pullRequest.put(
        ReviewAttributes.PR_URL,
        AttributeValue.of("https://github.example/" + name + "/pull/" + number));
    pullRequest.put(ReviewAttributes.PR_REPOSITORY, AttributeValue.of(name));
    pullRequest.put(ReviewAttributes.PR_OWNER, AttributeValue.of(OWNER));
    pullRequest.put(ReviewAttributes.PR_REPO, AttributeValue.of(repository.name()));
    pullRequest.put(ReviewAttributes.PR_NUMBER, AttributeValue.of(number));
    pullRequest.put(ReviewAttributes.PR_AUTHOR, AttributeValue.of(author));
    pullRequest.put(ReviewAttributes.PR_HEAD_SHA, AttributeValue.of(sha));
    return pullRequest;
  }

  private static double rhythm(DayOfWeek day) {
    return switch (day) {
      case MONDAY -> 0.85;
      case TUESDAY, THURSDAY -> 1.05;
      case WEDNESDAY -> 1.0;
      case FRIDAY -> 0.75;
      case SATURDAY -> 0.10;
      case SUNDAY -> 0.06;
    };
  }

  /// A working day between the 6th and the 25th.
  private LocalDate badDay(YearMonth month) {
    long months = month.getYear() * 12L + month.getMonthValue();
    LocalDate day = month.atDay(6 + new SplittableRandom(mix(-months)).nextInt(18));
    return switch (day.getDayOfWeek()) {
      case SATURDAY, SUNDAY -> day.plusDays(2);
      default -> day;
    };
  }

  private long mix(long part) {
    return seed * 0x9E3779B97F4A7C15L + part * 0xBF58476D1CE4E5B9L;
  }
}
