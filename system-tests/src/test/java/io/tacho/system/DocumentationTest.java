// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.cli.agent.NodeAgentMain;
import io.tacho.cli.aggregator.AggregatorMain;
import io.tacho.cli.aggregator.StandaloneMain;
import io.tacho.cli.bench.BenchMain;
import io.tacho.cli.demo.DemoCluster;
import io.tacho.cli.drain.DrainMain;
import io.tacho.cli.mcp.McpMain;
import io.tacho.cli.swarm.SwarmMain;
import io.tacho.cli.terminal.HealthMain;
import io.tacho.cli.terminal.HistoryMain;
import io.tacho.cli.terminal.StatsMain;
import io.tacho.cli.terminal.TopMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Links, anchors and commands of all Markdown files are valid, and the README stays short. */
class DocumentationTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} (.*)$");
    private static final Pattern TACHO = Pattern.compile("(?:\\./tacho|-jar \\S*tacho\\.jar) ([^`|#&>)]+)");
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");

    private static final Pattern DEPENDENCY =
            Pattern.compile("<artifactId>(tacho-[a-z-]+)</artifactId>\\s*<version>([^<]+)</version>");

    private static final Map<String, Object> COMMANDS = Map.ofEntries(
            Map.entry("demo", new DemoCluster()),
            Map.entry("agent", new NodeAgentMain()),
            Map.entry("aggregator", new AggregatorMain()),
            Map.entry("standalone", new StandaloneMain()),
            Map.entry("health", new HealthMain()),
            Map.entry("top", new TopMain()),
            Map.entry("stats", new StatsMain()),
            Map.entry("history", new HistoryMain()),
            Map.entry("mcp", new McpMain()),
            Map.entry("swarm", new SwarmMain()),
            Map.entry("bench", new BenchMain()),
            Map.entry("drain", new DrainMain.Drain()),
            Map.entry("undrain", new DrainMain.Undrain()));

    @Test
    void readme_hasAtMost150Lines() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve("README.md"))).hasSizeLessThanOrEqualTo(150);
    }

    @Test
    void guides_haveAtMost120Lines() throws IOException {
        for (Path guide : documents(ROOT.resolve("docs"))) {
            assertThat(Files.readAllLines(guide)).as("%s", guide).hasSizeLessThanOrEqualTo(120);
        }
    }

    @Test
    void relativeLinks_haveATarget() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents(ROOT)) {
            Matcher link = LINK.matcher(String.join("\n", prose(document)));
            while (link.find()) {
                if (!link.group(1).matches("[a-z]+:.*") && !hasTarget(document, link.group(1))) {
                    broken.add(ROOT.relativize(document) + ": " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void commands_haveKnownSubcommandsAndOptions() throws IOException {
        List<String> unknown = new ArrayList<>();
        int commands = 0;
        for (Path document : documents(ROOT)) {
            for (String line : Files.readString(document).replace("\\\n", " ").split("\n")) {
                Matcher tacho = TACHO.matcher(line);
                while (tacho.find()) {
                    commands++;
                    String problem = problem(List.of(tacho.group(1).trim().split("\\s+")));
                    if (problem != null) {
                        unknown.add(ROOT.relativize(document) + ": " + tacho.group() + ": " + problem);
                    }
                }
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(commands).isGreaterThan(25);
    }

    /** A dependency that a reader copies is in the BOM, with the version of this checkout. */
    @Test
    void dependencies_areInTheBom() throws IOException {
        String bom = Files.readString(ROOT.resolve("bom/pom.xml"));
        Matcher parent = DEPENDENCY.matcher(bom);
        assertThat(parent.find()).isTrue();
        Set<String> found = new HashSet<>();
        for (Path document : documents(ROOT)) {
            Matcher dependency = DEPENDENCY.matcher(Files.readString(document));
            while (dependency.find()) {
                found.add(dependency.group(1));
                assertThat(dependency.group(2)).as("%s", document).isEqualTo(parent.group(2));
            }
        }
        assertThat(found).contains("tacho-node-agent", "tacho-spring-boot-starter");
        assertThat(found).allMatch(artifact -> bom.contains("<artifactId>" + artifact + "</artifactId>"));
    }

    /** The projects that .ci/consumers builds use this version. */
    @Test
    void consumers_useThisVersion() throws IOException {
        Matcher parent = DEPENDENCY.matcher(Files.readString(ROOT.resolve("bom/pom.xml")));
        assertThat(parent.find()).isTrue();
        for (String project : List.of("library", "spring-boot", "quarkus", "micronaut")) {
            assertThat(Files.readString(ROOT.resolve("integrations/consumers/" + project + "/pom.xml")))
                    .contains("<tacho.version>" + parent.group(2) + "</tacho.version>");
        }
    }

    @Test
    void anchor_isGeneratedLikeGitHub() {
        assertThat(anchor("`/api`, `/api/info`: Centrifugo v2")).isEqualTo("api-apiinfo-centrifugo-v2");
        assertThat(anchor("The wire contract, version 1")).isEqualTo("the-wire-contract-version-1");
    }

    /** {@return what is unknown in the words after {@code tacho}, null if nothing is} */
    private static String problem(List<String> words) {
        String name = words.get(0);
        if (name.matches("build|train|completion|--help|--version|[A-Z]+")) {
            return null;
        }
        if (!COMMANDS.containsKey(name)) {
            return "unknown subcommand " + name;
        }
        CommandLine command = new CommandLine(COMMANDS.get(name));
        if (words.size() > 1 && command.getSubcommands().containsKey(words.get(1))) {
            command = command.getSubcommands().get(words.get(1));
        }
        for (String word : words) {
            Matcher option = OPTION.matcher(word);
            if (option.lookingAt() && !command.getCommandSpec().optionsMap().containsKey(option.group())) {
                return "unknown option " + option.group();
            }
        }
        return null;
    }

    private static boolean hasTarget(Path document, String link) throws IOException {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? document : document.resolveSibling(file).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        return hash < 0 || anchors(target).contains(link.substring(hash + 1));
    }

    private static Set<String> anchors(Path document) throws IOException {
        Set<String> anchors = new HashSet<>();
        for (String line : prose(document)) {
            Matcher heading = HEADING.matcher(line);
            if (heading.find()) {
                anchors.add(anchor(heading.group(1)));
            }
        }
        return anchors;
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .trim()
                .replace(' ', '-');
    }

    /** {@return the lines outside of code blocks} */
    private static List<String> prose(Path document) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean code = false;
        for (String line : Files.readAllLines(document)) {
            if (line.stripLeading().startsWith("```")) {
                code = !code;
            } else if (!code) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static List<Path> documents(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(path -> path.toString().endsWith(".md"))
                    .filter(path -> !path.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }
}
