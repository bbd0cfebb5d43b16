package chat;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class Host {

    public static void main(String... arguments) {
        SpringApplication.run(Host.class, arguments);
    }
}
