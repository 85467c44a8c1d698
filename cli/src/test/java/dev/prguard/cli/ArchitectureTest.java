package dev.prguard.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Holds the arrows of DESIGN.md: nothing imports upward.
@AnalyzeClasses(packages = "dev.prguard", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule modules_importDownwardOnly =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("cli")
          .definedBy("dev.prguard.cli..")
          .layer("review")
          .definedBy("dev.prguard.review..")
          .layer("telemetry")
          .definedBy("dev.prguard.telemetry..")
          .layer("store")
          .definedBy("dev.prguard.store..")
          .layer("traceql")
          .definedBy("dev.prguard.traceql..")
          .layer("insight")
          .definedBy("dev.prguard.insight..")
          .layer("service")
          .definedBy("dev.prguard.service..")
          .layer("trace")
          .definedBy("dev.prguard.trace..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("review")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("telemetry")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("service")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("store")
          .mayOnlyBeAccessedByLayers("cli", "service")
          .whereLayer("traceql")
          .mayOnlyBeAccessedByLayers("cli", "service", "insight")
          .whereLayer("insight")
          .mayOnlyBeAccessedByLayers("cli", "service");

  @ArchTest
  static final ArchRule review_packagesHaveNoCycles =
      slices().matching("dev.prguard.review.(*)..").should().beFreeOfCycles();

  /// The reader of hostile text has no forge: only the workflow joins the two.
  @ArchTest
  static final ArchRule modelAndRules_doNotKnowGitHub =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.prguard.review.model..",
              "dev.prguard.review.rules..",
              "dev.prguard.review.patch..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.prguard.review.github..");

  @ArchTest
  static final ArchRule langchain4j_staysInModel =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.prguard.review.model..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.langchain4j..");

  @ArchTest
  static final ArchRule treeSitter_staysInSyntax =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.prguard.review.syntax..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.treesitter..");

  @ArchTest
  static final ArchRule armeria_staysInService =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.prguard.service..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.linecorp.armeria..");

  @ArchTest
  static final ArchRule sql_staysInStore =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.prguard.store..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.sql..");

  @ArchTest
  static final ArchRule names_areOfTheField =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager");
}
