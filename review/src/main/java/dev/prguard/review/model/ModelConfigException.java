package dev.prguard.review.model;

/// A model was named that cannot be used as configured. One line for the user; says what to set.
public final class ModelConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModelConfigException(String message) {
    super(message);
  }
}
