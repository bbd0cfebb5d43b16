package chat;

import io.micronaut.runtime.Micronaut;

public class Host {

    public static void main(String... arguments) {
        Micronaut.run(Host.class, arguments);
    }
}
