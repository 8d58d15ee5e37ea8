package io.pfagent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The walls of the house. */
class ArchitectureTest {

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.pfagent");

  @Test
  void jnaIsUsedInTheKernelPackageOnly() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.pfagent.kernel")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna.."));
  }

  @Test
  void jfrIsUsedByEventsAndTheReportOnly() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.pfagent.event", "io.pfagent.report..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.jfr.."));
  }

  @Test
  void byteBuddyIsUsedByHooksOnly() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.pfagent.hook")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.bytebuddy.."));
  }

  @Test
  void bootKnowsTheJdkOnly() {
    check(
        classes()
            .that()
            .resideInAPackage("io.pfagent.boot")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.pfagent.boot", "java.."));
  }

  @Test
  void accountIsPureJava() {
    check(
        classes()
            .that()
            .resideInAPackage("io.pfagent.account")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.pfagent.account", "java.."));
  }

  @Test
  void hooksKnowTheHolderAndNothingBehindIt() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.pfagent.hook")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.pfagent.account..", "io.pfagent.event..", "io.pfagent.agent.."));
  }

  @Test
  void kernelKnowsNothingOfTheAgent() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.pfagent.kernel")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.pfagent.boot..",
                "io.pfagent.hook..",
                "io.pfagent.account..",
                "io.pfagent.event..",
                "io.pfagent.jmx..",
                "io.pfagent.agent.."));
  }

  @Test
  void kernelKnowsNothingOfTheJvmsSide() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.pfagent.kernel")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.pfagent.jvm"));
  }

  @Test
  void theJvmsSideKnowsTheKernelsSideAndTheJdk() {
    check(
        classes()
            .that()
            .resideInAPackage("io.pfagent.jvm")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "io.pfagent.jvm", "io.pfagent.kernel", "java..", "javax.management.."));
  }

  @Test
  void managementIsLoadedByDiagnosticCommandsOnly() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.pfagent.jvm")
            .and()
            .doNotHaveSimpleName("DiagnosticCommand")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.lang.management..", "javax.management.."));
  }

  @Test
  void theReportKnowsTheKernelsSideAndNothingOfTheAgent() {
    check(
        classes()
            .that()
            .resideInAPackage("io.pfagent.report..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "io.pfagent.report..",
                "io.pfagent.chunk..",
                "io.pfagent.kernel..",
                "java..",
                "jdk.jfr..",
                "com.sun.tools.attach..",
                "picocli..",
                "com.fasterxml.jackson..",
                "javax.management.."));
  }

  @Test
  void samplesAndChunksArePureJava() {
    check(
        classes()
            .that()
            .resideInAPackage("io.pfagent.chunk")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.pfagent.chunk", "java.."));
  }

  private static void check(ArchRule rule) {
    rule.check(HOUSE);
  }
}
