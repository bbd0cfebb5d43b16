// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The size of packages and classes, and the dependencies within and between packages. */
class PackageStructureTest {

    private static final int MAX_TYPES = 25;
    private static final int MAX_LEVELS = 8;
    private static final int MAX_LINES = 300;

    private static final JavaClasses CLASSES = MainClasses.ALL;

    @Test
    void packages_haveAtMost25Types() {
        Map<String, Integer> tooMany = new TreeMap<>();
        typesByPackage().forEach((name, types) -> {
            if (types.size() > MAX_TYPES) {
                tooMany.put(name, types.size());
            }
        });

        assertThat(tooMany).isEmpty();
    }

    @Test
    void packages_haveAtMost8DependencyLevels() {
        Map<String, Integer> tooDeep = new TreeMap<>();
        typesByPackage().forEach((name, types) -> {
            int levels = levels(types);
            if (levels > MAX_LEVELS) {
                tooDeep.put(name, levels);
            }
        });

        assertThat(tooDeep).isEmpty();
    }

    /** A request passes through few layers, although they are in several packages. */
    @Test
    void http_hasAtMost8DependencyLevelsOverAllItsPackages() {
        Set<JavaClass> http = typesByPackage().entrySet().stream()
                .filter(types -> types.getKey().startsWith("io.tacho.aggregator.http"))
                .flatMap(types -> types.getValue().stream())
                .collect(toSet());

        assertThat(levels(http)).isLessThanOrEqualTo(MAX_LEVELS);
    }

    @Test
    void classes_haveAtMost300Lines() throws IOException {
        Map<String, Long> tooLong = new TreeMap<>();
        for (String module : List.of(
                "core", "embedded-redis", "node-agent", "aggregator", "cli", "integrations/spring-boot-starter")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
                for (Path file :
                        (Iterable<Path>) files.filter(path -> path.toString().endsWith(".java"))::iterator) {
                    String name = file.getFileName().toString().replace(".java", "");
                    try (Stream<String> lines = Files.lines(file)) {
                        long count = lines.count();
                        if (count > MAX_LINES) {
                            tooLong.put(name, count);
                        }
                    }
                }
            }
        }

        assertThat(tooLong).isEmpty();
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("io.tacho.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    private static Map<String, Set<JavaClass>> typesByPackage() {
        return CLASSES.stream()
                .map(PackageStructureTest::outermost)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(groupingBy(JavaClass::getPackageName, TreeMap::new, toSet()));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(PackageStructureTest::outermost).orElse(type);
    }

    /** The number of types on the longest path of dependencies within the package; a cycle counts as one. */
    private static int levels(Set<JavaClass> types) {
        Map<JavaClass, Set<JavaClass>> used = CLASSES.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> types.contains(outermost(dependency.getOriginClass()))
                        && types.contains(outermost(dependency.getTargetClass())))
                .collect(groupingBy(
                        dependency -> outermost(dependency.getOriginClass()),
                        mapping((Dependency dependency) -> outermost(dependency.getTargetClass()), toSet())));
        Map<JavaClass, Set<JavaClass>> reachable =
                types.stream().collect(toMap(type -> type, type -> reachable(type, used, new HashSet<>())));
        Map<JavaClass, Integer> depths = new HashMap<>();
        return types.stream()
                .mapToInt(type -> depth(type, reachable, depths))
                .max()
                .orElse(0);
    }

    private static Set<JavaClass> reachable(JavaClass from, Map<JavaClass, Set<JavaClass>> used, Set<JavaClass> found) {
        for (JavaClass next : used.getOrDefault(from, Set.of())) {
            if (found.add(next)) {
                reachable(next, used, found);
            }
        }
        return found;
    }

    private static int depth(JavaClass type, Map<JavaClass, Set<JavaClass>> reachable, Map<JavaClass, Integer> depths) {
        Integer known = depths.get(type);
        if (known != null) {
            return known;
        }
        int below = 0;
        for (JavaClass next : reachable.get(type)) {
            if (!reachable.get(next).contains(type)) {
                below = Math.max(below, depth(next, reachable, depths));
            }
        }
        depths.put(type, 1 + below);
        return 1 + below;
    }
}
