import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.glue.dqdl.parser.DQDLParser;

/** Reads each file as a ruleset of Glue Data Quality. A line for each: its name, and the rules or that it is refused. */
class ParseRulesets {
  public static void main(String[] files) throws Exception {
    for (String file : files) {
      Path path = Path.of(file);
      try {
        int rules = new DQDLParser().parse(Files.readString(path)).getRules().size();
        System.out.println(path.getFileName() + " " + rules);
      } catch (Exception refused) {
        System.out.println(path.getFileName() + " refused");
      }
    }
  }
}
