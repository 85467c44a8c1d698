package dev.prguard.review.workflow;

import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Risk;
import java.util.List;

/// What the architect made of the findings.
///
/// @param findings without duplicates, worst first
public record Assessment(List<Finding> findings, Risk risk) {

  public Assessment {
    findings = List.copyOf(findings);
  }
}
