package dev.prguard.insight.query;

import dev.prguard.trace.CostAttributes;
import dev.prguard.trace.ReviewAttributes;

/// What a reader of a dashboard can narrow a question to.
public enum Filter {
  REPOSITORY("repository", "span", ReviewAttributes.PR_REPOSITORY, "Repository"),
  ENVIRONMENT("environment", "resource", "deployment.environment", "Environment"),
  MODEL("model", "span", CostAttributes.MODEL, "Model"),
  OPERATION("operation", "span", CostAttributes.OPERATION_TYPE, "Operation");

  private final String variable;
  private final String scope;
  private final String attribute;
  private final String label;

  Filter(String variable, String scope, String attribute, String label) {
    this.variable = variable;
    this.scope = scope;
    this.attribute = attribute;
    this.label = label;
  }

  /// The name of the dashboard's variable.
  public String variable() {
    return variable;
  }

  /// The attribute without its scope, as Grafana's Tempo data source asks for its values.
  public String attribute() {
    return attribute;
  }

  public String label() {
    return label;
  }

  /// The condition, with the variable where the value goes. Every span of this version carries the
  /// attribute, so that `.*` for "all" leaves none out.
  String condition() {
    return scope + "." + attribute + " =~ \"$" + variable + "\"";
  }

  /// The condition for one value, whatever is in it.
  String condition(String value) {
    String text = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return traceQl() + " = \"" + text + '"';
  }

  /// The attribute in TraceQL.
  public String traceQl() {
    return scope + "." + attribute;
  }
}
