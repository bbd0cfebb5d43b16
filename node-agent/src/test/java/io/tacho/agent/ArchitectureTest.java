// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows of the node-agent: it is put together at the top, record and process stand alone, nobody needs the demo. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tacho.agent");

    @Test
    void lettuce_nowhere() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lettuce..")
                .check(CLASSES);
    }

    @Test
    void redis_onlyWhereTheAgentIsPutTogether() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.tacho.agent", "io.tacho.agent.demo", "io.tacho.agent.swarm", "io.tacho.agent.bench")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tacho.redis..")
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"record", "process"})
    void recordAndProcess_knowNoOtherPartOfTheAgent(String name) {
        String itself = "io.tacho.agent." + name;
        noClasses()
                .that()
                .resideInAPackage(itself)
                .should()
                .dependOnClassesThat(resideInAPackage("io.tacho.agent..").and(resideOutsideOfPackage(itself)))
                .check(CLASSES);
    }

    @Test
    void demo_usedByNobody() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tacho.agent.demo")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tacho.agent.demo")
                .check(CLASSES);
    }

    /** A host without Netty's codecs, Micrometer or a command line must not meet them. */
    @Test
    void optionalDependencies_onlyWhereTheyBelong() {
        onlyIn(
                "io.netty..",
                "io.tacho.agent.netty",
                "io.tacho.agent.demo",
                "io.tacho.agent.source.push",
                "io.tacho.agent.source.statsd");
        onlyIn("io.micrometer..", "io.tacho.agent.micrometer");
    }

    private static void onlyIn(String library, String... packages) {
        noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"centrifugo", "statsd", "push"})
    void source_knowsThePortAndNoOtherSource(String name) {
        String itself = "io.tacho.agent.source." + name;
        noClasses()
                .that()
                .resideInAPackage(itself)
                .should()
                .dependOnClassesThat(resideInAPackage("io.tacho.agent..")
                        .and(resideOutsideOfPackages(
                                itself, "io.tacho.agent.source", "io.tacho.agent.record", "io.tacho.agent.process")))
                .check(CLASSES);
    }

    @Test
    void adapters_usedByNobodyButTheDemo() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tacho.agent.netty", "io.tacho.agent.micrometer", "io.tacho.agent.demo")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tacho.agent.netty", "io.tacho.agent.micrometer")
                .check(CLASSES);
    }

    @Test
    void oshi_onlyInTheProgram() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.tacho.agent.process.OshiProbe")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("oshi..")
                .check(CLASSES);
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.tacho.agent.SourceOptions")
                .and()
                .doNotHaveFullyQualifiedName("io.tacho.agent.process.OshiProbe")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.tacho.agent.process.OshiProbe")
                .check(CLASSES);
    }
}
