{{- define "tacho.name" -}}
{{ .Release.Name }}-aggregator
{{- end }}

{{- define "tacho.selector" -}}
app.kubernetes.io/name: tacho-aggregator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "tacho.labels" -}}
{{ include "tacho.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "tacho.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
