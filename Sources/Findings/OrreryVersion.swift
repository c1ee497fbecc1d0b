/// The version of this Orrery, as its command and its archive give it.
public enum OrreryVersion {
  public static let current = "0.1.0"
}
