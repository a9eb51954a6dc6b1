package org.voco4j.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;

/** What must be the same for a run to repeat bit for bit, and what a reader wants to know about where it ran. */
public final class RunEnvironment {
    private RunEnvironment() {}

    public static String version() {
        String version = RunEnvironment.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    public static Map<String, String> facts(Device device) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("voco4j", version());
        facts.put("java", System.getProperty("java.version", "unknown"));
        facts.put("os", System.getProperty("os.name", "unknown") + " " + System.getProperty("os.arch", "unknown"));
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.putAll(Engine.facts());
        facts.put("device", device.name());
        return facts;
    }
}
