import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;

/** What a dashboard does over JDBC: lists tables and columns, asks, and may not write. A line for each answer. */
class Dashboard {
  public static void main(String[] given) throws Exception {
    Properties login = new Properties();
    login.setProperty("user", given[1]);
    login.setProperty("password", Files.readString(Path.of(given[2])).strip());
    try (Connection warehouse = DriverManager.getConnection(given[0], login)) {
      try (ResultSet tables = warehouse.getMetaData().getTables(null, "campus", "%", null)) {
        while (tables.next()) System.out.println("table " + tables.getString("TABLE_NAME"));
      }
      try (ResultSet columns = warehouse.getMetaData().getColumns(null, "campus", "work", "%")) {
        while (columns.next()) {
          System.out.println("column " + columns.getString("COLUMN_NAME") + " " + columns.getString("TYPE_NAME"));
        }
      }
      String sql = "SELECT student_id, score, due_at, day FROM campus.work WHERE student_id = ?";
      try (var asked = warehouse.prepareStatement(sql)) {
        asked.setLong(1, 210700000000001234L);
        try (ResultSet rows = asked.executeQuery()) {
          while (rows.next()) {
            System.out.println("row " + rows.getLong(1) + " " + rows.getBigDecimal(2) + " " + rows.getString(3) + " " + rows.getDate(4));
          }
        }
      }
      try (var forbidden = warehouse.createStatement()) {
        forbidden.executeUpdate("DELETE FROM campus.work");
        System.out.println("deleted");
      } catch (SQLException refused) {
        System.out.println("refused " + refused.getSQLState());
      }
    }
  }
}
