import CElementwise
import COpenBLAS
import Foundation

/// The system's BLAS, as it lies under LAPACK's factorisations. (Matrix products are our own: see ``DenseProduct``.)
///
/// One thread each: Orrery runs tiles, networks and samples in parallel instead, because OpenBLAS's own threads spin and
/// collapse when another process shares the machine.
public enum BLAS {
  /// The processor family whose kernels OpenBLAS runs, for reports: `Haswell`, `SkylakeX`, `Zen`, …
  ///
  /// `OPENBLAS_CORETYPE` in the environment changes it, and with it the last bits of factorisations.
  public static var coreName: String {
    _ = prepared
    return String(cString: openblas_get_corename())
  }

  /// Sets OpenBLAS to one thread, and to kernels that suit this processor, once for the process. Whatever needs it calls it; where
  /// OpenBLAS does not know the processor the environment is changed for a moment, so that a program with threads that read
  /// the environment should call it before they start.
  public static func prepare() { _ = prepared }

  package static let prepared: Void = {
    openblas_set_num_threads(1)
    replaceOldKernels()
  }()

  /// A release of OpenBLAS knows the processors of its time by number, and takes those that came later for one of 2004, whose
  /// kernels are four to eight times as slow. Such a choice is made again, as `OPENBLAS_CORETYPE=Haswell` in the environment
  /// would, where the processor has AVX2; a wish that stands in the environment is kept. Haswell's kernels are the ones that every
  /// such processor runs.
  private static func replaceOldKernels() {
    let old = ["Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Atom", "Generic", "Unknown"]
    guard old.contains(where: { $0.lowercased() == String(cString: openblas_get_corename()).lowercased() }),
      orrery_has_instruction_set(Int32(ORRERY_AVX2.rawValue)) != 0, getenv("OPENBLAS_CORETYPE") == nil
    else { return }
    #if os(Linux)
      // Only builds for many processors have the two; a null handle stands for what is loaded.
      typealias Function = @convention(c) () -> Void
      guard let quit = dlsym(nil, "gotoblas_dynamic_quit"), let choose = dlsym(nil, "gotoblas_dynamic_init") else {
        return
      }
      setenv("OPENBLAS_CORETYPE", "Haswell", 1)
      unsafeBitCast(quit, to: Function.self)()
      unsafeBitCast(choose, to: Function.self)()
      unsetenv("OPENBLAS_CORETYPE")
    #endif
  }
}
