package org.voco4j.pretext.catalogue;

import java.util.Map;
import org.voco4j.pretext.voco.VoCoSettings;

/** The methods of pre-training, by their names in recipes. */
public final class Methods {
    private static final Map<String, Class<? extends Record>> SETTINGS = Map.of("voco", VoCoSettings.class);

    private Methods() {}

    /**
     * The keys of a method.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Class<? extends Record> settings(String name) {
        Class<? extends Record> settings = SETTINGS.get(name);
        if (settings == null) {
            throw new IllegalArgumentException("there is no method " + name);
        }
        return settings;
    }
}
