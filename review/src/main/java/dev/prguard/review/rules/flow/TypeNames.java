package dev.prguard.review.rules.flow;

import java.util.Set;

/// Names of types, as declared.
final class TypeNames {

  private TypeNames() {}

  /// Types that say nothing about what a value can do.
  static final Set<String> PLAIN =
      Set.of(
          "",
          "var",
          "String",
          "Object",
          "int",
          "long",
          "boolean",
          "char",
          "byte",
          "short",
          "float",
          "double",
          "Integer",
          "Long",
          "CharSequence",
          "T",
          "any",
          "string",
          "error",
          "interface{}",
          "bool",
          "range",
          "auto");

  /// Types of numbers.
  static final Set<String> NUMBERS =
      Set.of(
          "int",
          "long",
          "short",
          "float",
          "double",
          "boolean",
          "bool",
          "Integer",
          "Long",
          "Short",
          "Double",
          "Float",
          "Boolean",
          "BigInteger",
          "BigDecimal",
          "int8",
          "int16",
          "int32",
          "int64",
          "uint",
          "uint16",
          "uint32",
          "uint64",
          "float32",
          "float64",
          "number",
          "UUID",
          "Instant",
          "LocalDate");
}
