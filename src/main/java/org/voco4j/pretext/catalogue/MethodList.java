package org.voco4j.pretext.catalogue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.network.Backbone;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;

/** The methods of pre-training, for those who choose one. */
public final class MethodList {
    private MethodList() {}

    /** A paragraph for each. */
    public static List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (PretextMethod<?> method : Methods.all()) {
            MethodAbout about = method.about();
            lines.add(method.name() + ": " + about.idea() + "?");
            lines.add("    " + about.title() + ", " + about.paper());
            lines.add("    source: " + about.source());
            lines.add("    encoders: " + encoders(about));
        }
        return lines;
    }

    /** A document for each: name, title, idea, paper, source, encoders. */
    public static List<Map<String, Object>> documents() {
        List<Map<String, Object>> documents = new ArrayList<>();
        for (PretextMethod<?> method : Methods.all()) {
            MethodAbout about = method.about();
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("name", method.name());
            document.put("title", about.title());
            document.put("idea", about.idea());
            document.put("paper", about.paper());
            document.put("source", about.source());
            document.put("encoders", names(about));
            documents.add(document);
        }
        return documents;
    }

    /** The encoders that a method can teach, in words. */
    public static String encoders(MethodAbout about) {
        return about.encoders().size() == Backbone.Name.values().length ? "all" : String.join(", ", names(about));
    }

    private static List<String> names(MethodAbout about) {
        return about.encoders().stream().map(Backbone.Name::toString).sorted().toList();
    }
}
