// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dependencies between modules and packages, and where each library may be used. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = MainClasses.ALL;

    /** Packages that read the state of the cluster. */
    private static final String READERS = "io.tacho.aggregator.history io.tacho.aggregator.alert.."
            + " io.tacho.aggregator.period io.tacho.aggregator.events io.tacho.aggregator.metrics io.tacho.aggregator.api..";

    /** Packages that serve clients. */
    private static final String SERVERS = " io.tacho.aggregator.http.. io.tacho.aggregator.centrifugo..";

    /** The Tacho packages that a package may use besides itself; a trailing {@code ..} includes subpackages. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "io.tacho.process :",
                "io.tacho.embedded : io.tacho.process",
                "io.tacho.units :",
                "io.tacho.tls : io.tacho.text",
                "io.tacho.text :",
                "io.tacho.concurrent :",
                "io.tacho.agentcheck : io.tacho.concurrent",
                "io.tacho.sketch :",
                "io.tacho.model : io.tacho.sketch",
                "io.tacho.model.period : io.tacho.model io.tacho.sketch",
                "io.tacho.codec : io.tacho.model io.tacho.model.period io.tacho.sketch",
                "io.tacho.store : io.tacho.model io.tacho.model.period io.tacho.sketch",
                "io.tacho.store.alerts : io.tacho.store",
                "io.tacho.store.memory : io.tacho.model io.tacho.sketch io.tacho.store io.tacho.store.alerts",
                "io.tacho.redis : io.tacho.redis.connection io.tacho.concurrent io.tacho.model io.tacho.model.period"
                        + " io.tacho.sketch io.tacho.codec"
                        + " io.tacho.store io.tacho.store.alerts",
                "io.tacho.redis.connection : io.tacho.concurrent io.tacho.units io.tacho.tls io.tacho.model io.tacho.codec"
                        + " io.tacho.store io.tacho.text"
                        + " io.tacho.store.alerts",
                "io.tacho.agent.record : io.tacho.concurrent io.tacho.model io.tacho.sketch",
                "io.tacho.agent.process :",
                "io.tacho.aggregator.view : io.tacho.aggregator.view.detail io.tacho.model io.tacho.codec io.tacho.store",
                "io.tacho.aggregator.view.detail : io.tacho.model",
                "io.tacho.aggregator.metrics.deflate :",
                "io.tacho.aggregator.cluster : io.tacho.aggregator.view io.tacho.model io.tacho.sketch",
                "io.tacho.aggregator.outlier : io.tacho.concurrent io.tacho.model io.tacho.aggregator.view",
                "io.tacho.aggregator.placement : io.tacho.agentcheck io.tacho.concurrent io.tacho.units io.tacho.text io.tacho.model io.tacho.store"
                        + " io.tacho.aggregator.view io.tacho.aggregator.api",
                "io.tacho.aggregator.period : io.tacho.concurrent io.tacho.model io.tacho.model.period io.tacho.sketch"
                        + " io.tacho.store io.tacho.aggregator.cluster io.tacho.aggregator.history",
                "io.tacho.aggregator.membership : io.tacho.concurrent io.tacho.model io.tacho.store io.tacho.aggregator.view",
                "io.tacho.aggregator.alert.rule : io.tacho.text io.tacho.units io.tacho.model io.tacho.aggregator.cluster",
                "io.tacho.aggregator.alert.evaluate : io.tacho.text io.tacho.concurrent io.tacho.units io.tacho.model io.tacho.store.alerts"
                        + " io.tacho.aggregator.view io.tacho.aggregator.cluster io.tacho.aggregator.outlier"
                        + " io.tacho.aggregator.alert.rule",
                "io.tacho.aggregator.alert.notify : io.tacho.text io.tacho.concurrent io.tacho.store.alerts io.tacho.aggregator.view"
                        + " io.tacho.aggregator.cluster io.tacho.aggregator.outlier"
                        + " io.tacho.aggregator.alert.rule io.tacho.aggregator.alert.evaluate",
            })
    void package_usesOnlyListedPackages(String name, String others) {
        String[] allowed = Stream.concat(
                        Stream.of(name), others == null ? Stream.empty() : Arrays.stream(others.split(" ")))
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(name)
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.tacho..").and(resideOutsideOfPackages(allowed)))
                .check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "io.lettuce.. : io.tacho.redis..",
                "com.fasterxml.. : io.tacho.codec io.tacho.agent.source.push io.tacho.agent.source.scrape"
                        + " io.tacho.agent.source.centrifugo.. io.tacho.aggregator.api.. io.tacho.aggregator.placement"
                        + " io.tacho.aggregator.centrifugo.. io.tacho.aggregator.alert.evaluate io.tacho.aggregator.alert.notify"
                        + " io.tacho.cli..",
                "io.opentelemetry.. : io.tacho.aggregator.otlp io.tacho.agent.source.otlp",
                "com.google.protobuf.. : io.tacho.agent.source.otlp",
                "io.modelcontextprotocol.. : io.tacho.cli.mcp",
                "io.prometheus.. : io.tacho.aggregator.metrics io.tacho.aggregator.otlp io.tacho.agent.source.scrape",
                "io.micrometer.. : io.tacho.agent.micrometer io.tacho.spring",
                "org.springframework.. : io.tacho.spring..",
                "oshi.. : io.tacho.agent.process",
                "picocli.. : io.tacho.cli..",
                "ch.qos.logback.. : io.tacho.cli..",
            })
    void library_isUsedOnlyInListedPackages(String library, String packages) {
        noClasses()
                .that()
                .resideOutsideOfPackages(packages.split(" "))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "io.tacho.agent.. : io.tacho.aggregator.. io.tacho.cli.. io.tacho.embedded",
                "io.tacho.aggregator.. : io.tacho.agent.. io.tacho.cli.. io.tacho.embedded",
                "io.tacho.spring.. : io.tacho.aggregator.. io.tacho.cli.. io.tacho.embedded",
                "io.tacho.spring.websocket : io.tacho.redis.. io.tacho.model io.tacho.store",
                "io.tacho.aggregator.collect : io.tacho.aggregator.cluster " + READERS + SERVERS,
                "io.tacho.aggregator.view : io.tacho.aggregator.collect io.tacho.aggregator.cluster " + READERS
                        + SERVERS,
                "io.tacho.aggregator.cluster : io.tacho.aggregator.collect " + READERS + SERVERS,
                "io.tacho.aggregator.history : io.tacho.aggregator.collect" + SERVERS,
                "io.tacho.aggregator.api.. :" + SERVERS,
                "io.tacho.aggregator.alert.. :" + SERVERS,
                "io.tacho.aggregator.events :" + SERVERS,
                "io.tacho.aggregator.metrics :" + SERVERS,
                "io.tacho.aggregator.otlp : io.tacho.aggregator.collect io.tacho.aggregator.view" + SERVERS,
                "io.tacho.aggregator.centrifugo.. : io.tacho.aggregator.http.. io.tacho.aggregator.collect",
                "io.tacho.aggregator.http.. : io.tacho.aggregator.collect",
                "io.tacho.cli.client : io.tacho.agent.. io.tacho.aggregator..",
                "io.tacho.cli.terminal : io.tacho.agent.. io.tacho.aggregator..",
                "io.tacho.cli.program : io.tacho.agent.. io.tacho.aggregator..",
            })
    void package_doesNotUseListedPackages(String name, String others) {
        noClasses()
                .that()
                .resideInAPackage(name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others.split(" "))
                .check(CLASSES);
    }

    /** Only the composition roots of agent and aggregator depend on Redis, which is one transport. */
    @Test
    void redis_isUsedOnlyInCompositionRoots() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.tacho.redis..",
                        "io.tacho.agent",
                        "io.tacho.aggregator",
                        "io.tacho.cli..",
                        "io.tacho.spring")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tacho.redis..")
                .check(CLASSES);
    }

    /** Readiness and staleness are part of the view: the collector changes them, and only the composition root knows it. */
    @Test
    void collect_isUsedOnlyInTheCompositionRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tacho.aggregator.collect", "io.tacho.aggregator")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tacho.aggregator.collect")
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"centrifugo", "prometheus", "statsd", "push"})
    void source_usesNoOtherSource(String name) {
        noClasses()
                .that()
                .resideInAPackage("io.tacho.agent.source." + name)
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.tacho.agent..")
                        .and(resideOutsideOfPackages(
                                "io.tacho.agent.source." + name + "..",
                                "io.tacho.agent.source",
                                "io.tacho.agent.source.scrape",
                                "io.tacho.agent.record",
                                "io.tacho.agent.process")))
                .check(CLASSES);
    }

    /** Values pushed by OTLP are mapped like scraped values, and accepted like other pushes. */
    @Test
    void otlpSource_usesOnlyTheScrapeMappingAndThePushServer() {
        noClasses()
                .that()
                .resideInAPackage("io.tacho.agent.source.otlp")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tacho.agent.source.centrifugo", "io.tacho.agent.source.statsd")
                .check(CLASSES);
    }

    /** An application without Netty's codecs must not load them. */
    @Test
    void agentCore_usesNoOptionalLibrary() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.tacho.agent", "io.tacho.agent.publish", "io.tacho.agent.record", "io.tacho.agent.source")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "io.micrometer..", "oshi..")
                .check(CLASSES);
    }

    /** Lettuce uses native event loops if available; a channel of another type would fail on them. */
    @Test
    void redis_usesNoSpecificEventLoopType() {
        noClasses()
                .that()
                .resideInAPackage("io.tacho.redis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.channel.socket.nio..", "io.netty.channel.epoll..")
                .check(CLASSES);
    }

    /** Within HTTP: each package, and the packages of HTTP that it may use. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "message :",
                "routing : message",
                "cache : message",
                "endpoint : message routing cache",
            })
    void httpPackage_usesOnlyListedHttpPackages(String name, String below) {
        String http = "io.tacho.aggregator.http";
        String[] allowed = Stream.concat(
                        Stream.of(name), below == null ? Stream.empty() : Arrays.stream(below.split(" ")))
                .map(each -> http + "." + each)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(http + "." + name)
                .should()
                .dependOnClassesThat(resideInAnyPackage(http + "..").and(resideOutsideOfPackages(allowed)))
                .check(CLASSES);
    }

    /** The server knows routes, not endpoints; the program that composes an aggregator connects the two. */
    @Test
    void httpServer_usesNoEndpoint() {
        noClasses()
                .that()
                .resideInAPackage("io.tacho.aggregator.http")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tacho.aggregator.http.endpoint",
                        "io.tacho.aggregator.http.cache",
                        "io.tacho.aggregator.centrifugo..")
                .check(CLASSES);
    }

    @Test
    void model_usesOnlySketchAndJdk() {
        classes()
                .that()
                .resideInAPackage("io.tacho.model")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.tacho.model", "io.tacho.sketch", "java..", "org.jspecify..")
                .check(CLASSES);
    }
}
