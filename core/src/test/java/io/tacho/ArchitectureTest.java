// SPDX-License-Identifier: Apache-2.0
package io.tacho;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows of core: redis → transport → codec → model; merge stands alone. */
class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tacho");

    @Test
    void model_standsAlone() {
        classes()
                .that()
                .resideInAPackage("io.tacho.model")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.tacho.model", "java..", "com.fasterxml.jackson.annotation", "org.jspecify..")
                .check(classes);
    }

    @Test
    void merge_standsAlone() {
        classes()
                .that()
                .resideInAPackage("io.tacho.merge")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.tacho.merge", "java..", "org.apache.datasketches.cpc", "org.jspecify..")
                .check(classes);
    }

    @Test
    void datasketches_onlyInMerge() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tacho.merge")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.datasketches..")
                .check(classes);
    }

    @Test
    void codec_knowsTheModelOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.tacho.codec")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tacho.transport..", "io.tacho.redis..", "io.tacho.merge")
                .check(classes);
    }

    @Test
    void transport_knowsNothingOfRedis() {
        noClasses()
                .that()
                .resideInAPackage("io.tacho.transport")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tacho.redis..")
                .check(classes);
    }

    @Test
    void lettuce_onlyInRedis() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tacho.redis")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lettuce..")
                .check(classes);
    }

    @Test
    void jackson_onlyInModelAndCodec() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tacho.model", "io.tacho.codec")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml..")
                .check(classes);
    }

    /** The client takes native event loops where the host has them; a channel of another kind would not run on them. */
    @Test
    void kindOfEventLoop_isForTheClientToChoose() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.channel.socket.nio..", "io.netty.channel.epoll..")
                .check(classes);
    }
}
