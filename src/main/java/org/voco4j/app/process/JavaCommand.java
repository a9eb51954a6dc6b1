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
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";

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
     * The command as the launcher starts it, which asks for the Vector API only where it is of use.
     *
     * @param computes whether networks compute
     * @param words for the program
     */
    public List<String> launched(boolean computes, List<String> words) {
        List<String> command = of(List.of(), words);
        if (!computes) {
            command.remove(VECTORS);
        }
        return command;
    }
}
