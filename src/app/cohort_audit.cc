#include "app/cohort_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/command.h"
#include "audit/audit_page.h"
#include "base/files.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "dataset/participants.h"
#include "physics/scan.h"

namespace parotis::app {
namespace {

using audit::CohortAudit;

constexpr std::int64_t kIntensityPatients = 48;  // half train, half are tested
constexpr std::int64_t kOracleDraws = 20000;
constexpr int kShownOfEach = 3;

std::string HeadingOf(const phantom::Patient& patient) {
  const std::string who = fmt::format("{:.0f} years, {}", patient.age_years, patient.male ? "man" : "woman");
  if (patient.lesions.empty()) return "no tumour, " + who;
  const phantom::Lesion& lesion = patient.lesions[0];
  return fmt::format("{} ({}), {:.0f} mm, {}, ADC {:.0f} µm²/s; {}", patient.diagnosis, patient.subtype, lesion.size_mm,
                     NameOf(lesion.site), lesion.adc_um2_s, who);
}

// The first patients of every diagnosis, in the order of the classes.
std::vector<audit::ShownCase> ShownCases(const phantom::Priors& priors, const std::vector<audit::PatientRow>& rows,
                                         const physics::ScanOptions& scan, int threads) {
  std::map<std::string, std::vector<const phantom::Patient*>> of;
  for (const audit::PatientRow& row : rows) {
    auto& patients = of[row.patient.diagnosis];
    if (patients.size() < kShownOfEach) patients.push_back(&row.patient);
  }
  std::vector<const phantom::Patient*> chosen;
  for (const phantom::TumourPriors& tumour : priors.tumours)
    chosen.insert(chosen.end(), of[tumour.name].begin(), of[tumour.name].end());
  chosen.insert(chosen.end(), of[dataset::kTumourFree].begin(), of[dataset::kTumourFree].end());
  std::vector<audit::ShownCase> shown(chosen.size());
  base::ParallelFor(static_cast<std::int64_t>(chosen.size()), threads, [&](std::int64_t n) {
    const auto at = static_cast<std::size_t>(n);
    const physics::Examination examination = physics::Scan(*chosen[at], priors, scan);
    shown[at] = {physics::ToCase(examination, priors), HeadingOf(*chosen[at]),
                 examination.protocol.faults.unusable != physics::Unusable::kNo};
  });
  return shown;
}

std::string PlusMinus(const audit::MeanSd& moments, int digits) {
  return fmt::format("{:.{}f} ± {:.{}f}", moments.mean, digits, moments.sd, digits);
}

void Print(const CohortAudit& audit, const audit::IntensityReading& reading) {
  fmt::print("{:<28}{:<14}{:>16}{:>16}{:>16}{:>6}\n", "quantity", "class", "prior", "drawn", "measured", "n");
  for (const audit::QuantityAudit& quantity : audit.quantities) {
    for (const audit::Realised& realised : quantity.classes) {
      fmt::print("{:<28}{:<14}{:>16}{:>16}{:>16}{:>6}\n", quantity.key, realised.tumour,
                 PlusMinus(realised.target, quantity.digits), PlusMinus(realised.drawn, quantity.digits),
                 PlusMinus(realised.measured, quantity.digits), realised.values.size());
    }
    for (const phantom::PairAuc& pair : quantity.auc)
      fmt::print("{:<28}AUC, {} above {}: {:.3f}\n", "", pair.higher, pair.lower, pair.auc);
  }
  fmt::print("{:<28}{} of {}\n", "diffusion unusable", audit.unusable, audit.patients);
  fmt::print("{:<28}test Dice {:.3f} on {} patients\n", "grey values alone", reading.test_dice, reading.tested_on);
  for (const phantom::OracleRow& row : audit.oracle.rows)
    fmt::print("{:<28}{:<14}{:>16.3f}\n", "oracle", row.name, row.strict_accuracy);
}

}  // namespace

int AuditCohort(const phantom::Priors& priors, const phantom::Mix& mix, const physics::ScanOptions& scan,
                const CohortAuditOptions& options) {
  const std::int64_t intensity = std::min(kIntensityPatients, options.patients);
  base::Progress progress("measure", options.patients + intensity);
  const auto advance = [&] { progress.Advance(); };
  const auto rows = audit::MeasureCohort(priors, mix, options.seed, options.patients,
                                         {.distortion = true, .threads = options.threads, .advance = advance});
  const auto reading = audit::ReadByIntensity(priors, mix, options.seed, intensity, scan, options.threads, advance);
  const CohortAudit audit = audit::Audit(priors, mix, options.seed, rows, kOracleDraws);
  base::WriteFile(options.page,
                  audit::AuditPage(audit, reading, ShownCases(priors, rows, scan, options.threads), options.command));
  if (common().json) {
    base::Json json = audit::ToJson(audit);
    json["intensity_only"] = {{"test_dice", reading.test_dice},
                              {"tested_on", reading.tested_on},
                              {"train_dice", reading.train_dice},
                              {"trained_on", reading.trained_on}};
    json["page"] = options.page.string();
    fmt::print("{}", base::DumpJson(json));
  } else {
    Print(audit, reading);
    fmt::print("{:<28}{}\n", "page", options.page.string());
  }
  return kDone;
}

}  // namespace parotis::app
