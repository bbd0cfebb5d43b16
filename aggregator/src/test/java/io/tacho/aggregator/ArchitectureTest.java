// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows of the aggregator: http → api → view, collect → view, and Redis only where everything is put together. */
class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tacho.aggregator");

    @Test
    void lettuce_nowhere() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lettuce..")
                .check(classes);
    }

    @Test
    void redis_onlyInTheCompositionRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tacho.aggregator")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tacho.redis..")
                .check(classes);
    }

    @Test
    void agent_nowhere() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tacho.agent..")
                .check(classes);
    }

    @Test
    void netty_onlyInHttp() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tacho.aggregator.http")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(classes);
    }

    @Test
    void jackson_onlyInApi_andInWhatReadsIt() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.tacho.aggregator.api", "io.tacho.aggregator.alert", "io.tacho.aggregator.terminal")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml..")
                .check(classes);
    }

    @Test
    void prometheus_onlyInMetrics() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tacho.aggregator.metrics")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.prometheus..")
                .check(classes);
    }

    @Test
    void view_knowsNeitherWhoFillsNorWhoReadsIt() {
        noClasses()
                .that()
                .resideInAPackage("io.tacho.aggregator.view")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tacho.aggregator.collect", "io.tacho.aggregator.api", "io.tacho.aggregator.http")
                .check(classes);
    }

    @Test
    void api_knowsNothingOfHttp() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.tacho.aggregator.alert",
                        "io.tacho.aggregator.api",
                        "io.tacho.aggregator.collect",
                        "io.tacho.aggregator.events",
                        "io.tacho.aggregator.metrics")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tacho.aggregator.http")
                .check(classes);
    }

    @Test
    void terminal_knowsTheAnswersAndNothingElse() {
        noClasses()
                .that()
                .resideInAPackage("io.tacho.aggregator.terminal")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tacho.aggregator",
                        "io.tacho.aggregator.api",
                        "io.tacho.aggregator.collect",
                        "io.tacho.aggregator.http",
                        "io.tacho.aggregator.view")
                .check(classes);
    }
}
