package org.voco4j.app.process;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program once more as a process of its own: the Java, the options and the classes that this one was started with.
 *
 * @param main the class that it begins in
 */
public record JavaCommand(Class<?> main) {
    private static final String LAUNCHER = "voco.launcher"; // the property by which the launcher tells its path

    /**
     * The command.
     *
     * @param options for Java, beside this process's own
     * @param words for the program
     */
    List<String> of(List<String> options, List<String> words) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(words);
        return command;
    }

    /**
     * The command as this process was started: through the launcher, or without one.
     *
     * @param words for the program
     */
    public List<String> launched(List<String> words) {
        String launcher = System.getProperty(LAUNCHER);
        if (launcher == null) {
            return of(List.of(), words);
        }
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(words);
        return command;
    }
}
