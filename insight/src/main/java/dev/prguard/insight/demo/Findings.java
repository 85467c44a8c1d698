package dev.prguard.insight.demo;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.ReviewAttributes;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// How many findings of a review are of which sort.
record Findings(long ai, long rule, long security, long critical, long high) {
  static final Findings NONE = new Findings(0, 0, 0, 0, 0);

  static Findings draw(SplittableRandom random, long lines) {
    long rule = random.nextLong(2 + Math.min(8, lines / 120));
    long ai = random.nextLong(2 + Math.min(6, lines / 160));
    long security = (rule + ai) * (20 + random.nextInt(50)) / 100;
    long high = security / 2;
    long critical = high > 0 && random.nextDouble() < 0.15 ? 1 : 0;
    return new Findings(ai, rule, security, critical, high - critical);
  }

  long found() {
    return ai + rule;
  }

  Map<String, AttributeValue> attributes() {
    Map<String, AttributeValue> issues = new TreeMap<>();
    issues.put(ReviewAttributes.ISSUES_FOUND, AttributeValue.of(found()));
    issues.put(ReviewAttributes.ISSUES_AI_DETECTED, AttributeValue.of(ai));
    issues.put(ReviewAttributes.ISSUES_RULE_DETECTED, AttributeValue.of(rule));
    issues.put(ReviewAttributes.ISSUES_SECURITY, AttributeValue.of(security));
    issues.put(ReviewAttributes.ISSUES_CRITICAL, AttributeValue.of(critical));
    issues.put(ReviewAttributes.ISSUES_HIGH, AttributeValue.of(high));
    return issues;
  }

  Map<String, AttributeValue> risk() {
    String level = critical > 0 ? "critical" : high > 0 ? "high" : security > 0 ? "medium" : "low";
    long score = critical > 0 ? 10 : high > 0 ? 7 : security > 0 ? 4 : 1;
    Map<String, AttributeValue> risk = new TreeMap<>();
    risk.put(ReviewAttributes.RISK_LEVEL, AttributeValue.of(level));
    risk.put(ReviewAttributes.RISK_SCORE, AttributeValue.of(score));
    return risk;
  }
}
